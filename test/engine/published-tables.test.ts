import { publishedTables } from '../scenarios/published-tables.js';
import { dockerBed } from './docker-bed.js';

publishedTables('Docker', () => dockerBed('tables'));
