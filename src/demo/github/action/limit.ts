// GitHub's limits on text that people and bots write.
import { invalid } from '../state/refusal.ts';

const maxBodyCharacters = 65_536;
const maxTitleCharacters = 256;

export function checkBody(resource: string, body: string | null): void {
  if (body !== null && body.length > maxBodyCharacters) {
    const message = `body is too long (maximum is ${maxBodyCharacters} characters)`;
    throw invalid({ resource, field: 'body', code: 'custom', message });
  }
}

export function checkTitle(resource: string, title: string): void {
  if (title.trim() === '') throw invalid({ resource, field: 'title', code: 'missing_field' });
  if (title.length > maxTitleCharacters) {
    const message = `title is too long (maximum is ${maxTitleCharacters} characters)`;
    throw invalid({ resource, field: 'title', code: 'custom', message });
  }
}
