/**
 * - `lost`: somebody who may ask for something asked, and no end of it can be seen.
 * - `doubled`: something that must be there once is there twice.
 * - `stuck`: something still says that it is under way when everything rests.
 * - `wrong`: something that must never be there at all.
 */
export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'stuck' | 'wrong';
  /** `acme/one#3`, or what else it is about. */
  readonly where: string;
  readonly what: string;
}
