export function buildAsm(entry?: string): Promise<Uint8Array>;
export function moduleSource(bytes: Uint8Array): string;
