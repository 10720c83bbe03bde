// Files that the page hands out.
export function save(name: string, content: BlobPart) {
  const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
  const address = URL.createObjectURL(new Blob([content], { type }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
