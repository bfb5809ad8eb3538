import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { S3Config } from '../../config.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { Storage } from '../../core/kernel/files.ts';

/** Bytes of a part: the least that S3 takes of all but the last. So much is held in memory, and no more. */
const PART = 5 * 1_024 * 1_024;

/** Milliseconds until a store that says nothing counts as gone; each try is given up then, so that nobody waits for good. */
const PATIENCE = { connect: 5_000, answer: 20_000 };

/**
 * Files in a bucket, by the S3 protocol. What breaks off is aborted, so that a file is there whole or not at all. What is stored is sealed
 * before it comes here: the bucket's owner reads nothing.
 */
export function s3Storage(
  { bucket, prefix }: { bucket: string; prefix: string },
  { region, url, keys }: S3Config,
  patience = PATIENCE,
): Storage {
  const client = new S3Client({
    region,
    // Stores of one's own are reached by a path, and not by a name for each bucket.
    ...(url ? { endpoint: url, forcePathStyle: true } : {}),
    ...(keys ? { credentials: { accessKeyId: keys.id, secretAccessKey: keys.secret } } : {}),
    requestHandler: { connectionTimeout: patience.connect, socketTimeout: patience.answer },
    // Not every store knows the newer sums; ours are sealed, and tell by themselves whether they are whole.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (name: string) => ({ Bucket: bucket, Key: `${prefix}${name}` });
  return {
    put: async (name, content) => {
      // A fault of the content is the content's own, whatever the SDK makes of it.
      const body = new PassThrough();
      let fault: unknown = null;
      const upload = new Upload({ client, params: { ...at(name), Body: body }, partSize: PART, queueSize: 1 });
      const reading = pipeline(content, body).catch((error: unknown) => {
        fault = error;
      });
      try {
        await upload.done();
      } catch (error) {
        body.destroy();
        await reading;
        throw (fault as Error | null) ?? translated(error);
      }
      await reading;
    },
    get: async (name) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(name)));
        return (Body as Readable | undefined) ?? null;
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw translated(error);
      }
    },
    remove: async (name) => {
      await client.send(new DeleteObjectCommand(at(name))).catch((error: unknown) => {
        throw translated(error);
      });
    },
  };
}

/** Whatever the store says, it is not there just now; the reason stands in the log. */
function translated(error: unknown): DomainError {
  const say = 'The store of files cannot be reached just now. Please try again in a minute.';
  return Object.assign(new DomainError('unavailable', say), { cause: error });
}
