// The same module for `import` as for `require`, so that no program has it twice.
export * from './dist/index.js';
