import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workplace } from './packed-tool.js';

/** Where the tool puts buildah, in the folder that it works in. */
export const buildah = 'buildah/buildah';

/** Images in a folder as the OCI lays them out, where layers that several have lie once, and the archive of it that containerd reads. */
export class ImageArchive {
  private readonly file: string;
  private readonly layout: string;
  private added: Promise<unknown> = Promise.resolve();

  private constructor(private readonly place: Workplace) {
    this.layout = join(place.workdir, 'oci');
    this.file = join(place.workdir, 'images.tar');
  }

  /** A new one, empty. */
  static async create(place: Workplace): Promise<ImageArchive> {
    const archive = new ImageArchive(place);
    await rm(archive.layout, { recursive: true, force: true });
    await mkdir(archive.layout, { recursive: true });
    return archive;
  }

  /** Adds an image that buildah has, in its own time: {@link close} rejects when it cannot. */
  add(tag: string): void {
    const args = ['push', '--quiet', tag, `oci:${this.layout}:${tag}`];
    this.added = this.added.then(() => this.place.execute(join(this.place.workdir, buildah), args));
    this.added.catch(() => {});
  }

  /** Writes the file and answers its name. */
  async close(): Promise<string> {
    await this.added;
    const index = join(this.layout, 'index.json');
    const { manifests, ...others } = JSON.parse(await readFile(index, 'utf8')) as OciIndex;
    const named = manifests.map((each) => {
      const name = each.annotations['org.opencontainers.image.ref.name'] as string;
      // Without it containerd takes the name for a tag.
      return { ...each, annotations: { ...each.annotations, 'io.containerd.image.name': name } };
    });
    await writeFile(index, JSON.stringify({ ...others, manifests: named }));
    await this.place.execute('tar', ['-C', this.layout, '-cf', this.file, '.']);
    await rm(this.layout, { recursive: true });
    return this.file;
  }
}

interface OciIndex {
  readonly manifests: readonly { readonly annotations: Readonly<Record<string, string>> }[];
}
