import { scenario } from '../scenarios/harness.js';
import { histories } from '../scenarios/histories.js';
import { dockerBed } from './docker-bed.js';

let count = 0;
// Most of their time is waiting for probes, so they run side by side, each under a cluster of its own.
histories('Docker', async () => scenario(await dockerBed(`history-${++count}`)), { concurrent: true });
