/** A capture file, as a listing shows it. */
export interface SizedFile {
  readonly key: string;
  readonly size: number;
}

/**
 * Cuts files into shards of about the same number of bytes, each of `shardBytes` or little more; a single larger file is a shard of its
 * own. Order is kept, so that counts of the shards, added up in order, are those of the files read one after another.
 */
export function planShards(files: readonly SizedFile[], shardBytes: number): readonly (readonly SizedFile[])[] {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const most = Math.max(1, Math.ceil(total / shardBytes));
  const share = total / most;
  const shards: SizedFile[][] = [];
  let [before, shard] = [0, -1];
  for (const file of files) {
    // A file belongs where its middle lies, so that no shard is more than half a file off its share.
    const wanted = share === 0 ? 0 : Math.min(most - 1, Math.floor((before + file.size / 2) / share));
    if (wanted > shard || shards.length === 0) {
      shards.push([]);
      shard = wanted;
    }
    shards.at(-1)?.push(file);
    before += file.size;
  }
  return shards;
}
