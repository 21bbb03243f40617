import type { Case } from './case-file.ts';

/** Cases that are too long to be written down: limits, deep chains, explosions. */
export const GENERATED: readonly Case[] = [];
