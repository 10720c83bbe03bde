// Whether something that was read is what it should be: for states that come from a link.

export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'any'
  | { list: Shape }
  | { fields: Record<string, Shape> };

/** The path of the first part that is of another kind; none if all is well. Fields may be missing. */
export function misfit(shape: Shape, value: unknown, path = ''): string | undefined {
  if (shape === 'any') return undefined;
  if (typeof shape === 'string') {
    const kinds = { text: 'string', number: 'number', flag: 'boolean' };
    return typeof value === kinds[shape] ? undefined : path;
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) return path;
    for (const [place, part] of value.entries()) {
      const wrong = misfit(shape.list, part, `${path}[${place}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return path;
  for (const [name, part] of Object.entries(value)) {
    const inner = shape.fields[name];
    const here = path ? `${path}.${name}` : name;
    const wrong = inner === undefined ? here : misfit(inner, part, here);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
