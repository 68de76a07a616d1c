import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  S3Client,
} from '@aws-sdk/client-s3';

/** One version of an object, as a listing tells of it. */
export interface StoredVersion {
  readonly key: string;
  readonly versionId: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes, as events spell it. */
  readonly etag: string;
  /** ISO instant. */
  readonly at: string;
  /** Whether it is the object now; false for what was overwritten, and for all versions of an object that was deleted. */
  readonly latest: boolean;
}

/** Every version of every object below a prefix, in order of key, the newest first; markers of deletion are no versions. */
export async function* listVersions(
  bucket: string,
  prefix: string,
  client = new S3Client({}),
): AsyncGenerator<StoredVersion> {
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (next !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      // XML cannot hold every character that a key may have, so keys come URL-encoded.
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...next }),
    );
    const decoded = page.EncodingType === 'url' ? urlDecoded : (key: string) => key;
    for (const version of page.Versions ?? []) yield* storedVersion(version, decoded);
    next =
      page.IsTruncated === true
        ? {
            KeyMarker: page.NextKeyMarker === undefined ? undefined : decoded(page.NextKeyMarker),
            VersionIdMarker: page.NextVersionIdMarker,
          }
        : undefined;
  }
}

const urlDecoded = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));

function storedVersion(
  { Key, VersionId, Size, ETag, LastModified, IsLatest }: ObjectVersion,
  decoded: (key: string) => string,
): readonly StoredVersion[] {
  if (Key === undefined || VersionId === undefined || LastModified === undefined) return [];
  return [
    {
      key: decoded(Key),
      versionId: VersionId,
      size: Size ?? 0,
      etag: (ETag ?? '').replaceAll('"', ''),
      at: LastModified.toISOString(),
      latest: IsLatest === true,
    },
  ];
}
