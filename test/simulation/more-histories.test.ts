// The other share, for the other core.
import { itHolds } from './it-holds.ts';

itHolds(20_261_129);
