/** To the minute; everybody knows what UTC is. */
export function renderMoment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
