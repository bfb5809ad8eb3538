/** The console answers this address with what `../stories` declares; the file says only what the module holds. */
export const STORIES = [];
