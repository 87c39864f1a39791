import { BSON, type Document } from 'mongodb';

/**
 * The top level of a BSON document without reading what is below it: names in their order, and single values on demand. A
 * batch of 16 MB is looked at in microseconds.
 */
export class ShallowDocument {
  private readonly elements = new Map<string, BSON.OnDemand['BSONElement']>();

  constructor(private readonly bytes: Buffer) {
    for (const element of BSON.onDemand.parseToElements(bytes)) {
      const [, nameOffset, nameLength] = element;
      this.elements.set(bytes.toString('utf8', nameOffset, nameOffset + nameLength), element);
    }
  }

  /** The first name: of a command document, the command. */
  get firstName(): string {
    return this.elements.keys().next().value ?? '';
  }

  has(name: string): boolean {
    return this.elements.has(name);
  }

  /** The value of one field, or `undefined`. Numbers keep their BSON types where they could lose something otherwise. */
  get(name: string): unknown {
    const bytes = this.rawElement(name);
    return bytes === undefined ? undefined : documentOf(bytes)[name];
  }

  /** A document in a field; `undefined` when there is none, or something else. */
  document(name: string): ShallowDocument | undefined {
    const bytes = this.rawValue(name);
    const isDocument = this.elements.get(name)?.[0] === BSON.BSONType.object;
    return bytes === undefined || !isDocument ? undefined : new ShallowDocument(bytes);
  }

  /** The bytes of a field's value. */
  rawValue(name: string): Buffer | undefined {
    const element = this.elements.get(name);
    return element === undefined ? undefined : this.bytes.subarray(element[3], element[3] + element[4]);
  }

  /** The bytes of one element, its type and name included. */
  rawElement(name: string): Buffer | undefined {
    const element = this.elements.get(name);
    if (element === undefined) return undefined;
    const [, nameOffset, , offset, length] = element;
    return this.bytes.subarray(nameOffset - 1, offset + length);
  }
}

function documentOf(element: Buffer): Document {
  const size = Buffer.alloc(4);
  size.writeInt32LE(element.length + 5);
  return BSON.deserialize(Buffer.concat([size, element, Buffer.of(0)]));
}
