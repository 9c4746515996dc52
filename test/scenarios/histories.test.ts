import { scenario } from './harness.js';
import { histories } from './histories.js';
import { pureWorld } from './pure-world.js';
import { simulatedBed } from './simulated-bed.js';

histories('decisions alone', async () => pureWorld());
histories('the simulated engine', async () => scenario(simulatedBed()));
