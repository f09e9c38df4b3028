// Stands for the provider that you test: a token, the list, an entity for each version.
exports.sync = async ({ portal, tokenEndpoint, client_id, client_secret }) => {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const { access_token } = await answer(await fetch(tokenEndpoint, { method: 'POST', body }));
  const headers = { authorization: `Bearer ${access_token}` };
  const products = await answer(await fetch(`${portal}/apis`, { headers }));
  return products.flatMap(product =>
    product.apiVersions.map(({ apiId }) => ({ kind: 'API', metadata: { name: apiId } })),
  );
};

async function answer(response) {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return response.json();
}
