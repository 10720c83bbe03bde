// The JSON Schemas of the documents, fetched when somebody begins to write.
import type { Schema } from './completion';

export const node = () => import('../../../../core/schema/node.json').then((module) => module.default as unknown as Schema);
export const scenario = () => import('../../../../core/schema/scenario.json').then((module) => module.default as unknown as Schema);
