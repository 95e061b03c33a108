// A further share of random histories beside that of test/simulation.
import { itHolds } from '../simulation/it-holds.ts';

itHolds(20_261_129, 500);
