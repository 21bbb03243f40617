export function buildEvaluator(outdir: string): Promise<unknown>;
export function buildWasm(outdir: string): Promise<unknown>;
export function buildCli(outdir: string): Promise<unknown>;
export function buildLibrary(outdir: string): Promise<unknown>;
