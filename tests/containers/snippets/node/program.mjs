// A container by the snippet of docs/containers.md, for as long as standard input is open.
// (the snippet)

console.log(JSON.stringify({ portalUrl, tokenEndpoint }));
for await (const _ of process.stdin);
await container.stop();
