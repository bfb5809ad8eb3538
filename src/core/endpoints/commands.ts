// One line per command. The area takes all that stands here.

export { noteFailed } from './note-failed.ts';
export { pauseEndpoint } from './pause-endpoint.ts';
export { removeEndpoint } from './remove-endpoint.ts';
export { replayEndpoint } from './replay-endpoint.ts';
export { resumeEndpoint } from './resume-endpoint.ts';
export { rotateSecret } from './rotate-secret.ts';
export { testEndpoint } from './test-endpoint.ts';
