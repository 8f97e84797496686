// Starts GraphiQL. The token lives in this tab's session storage and goes to this server only.
'use strict';
(() => {
  const KEY = 'skiplevel.token';
  const boot = JSON.parse(document.getElementById('boot').textContent);
  const asked = new URLSearchParams(location.search);
  const bar = document.getElementById('token-bar');
  const input = document.getElementById('token');
  const state = document.getElementById('token-state');
  const root = ReactDOM.createRoot(document.getElementById('graphiql'));

  const token = () => sessionStorage.getItem(KEY) ?? '';

  async function fetcher(params, options) {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
    };
    if (token()) headers.authorization = `Bearer ${token()}`;
    for (const [name, value] of Object.entries(options?.headers ?? {})) headers[name.toLowerCase()] = value;
    const response = await fetch(location.pathname, {
      method: 'POST',
      headers,
      body: JSON.stringify(params),
      credentials: 'omit',
      cache: 'no-store',
    });
    return response.json();
  }

  // A new token means a new start: GraphiQL asks for the schema once, when it begins.
  function start() {
    const given = token() !== '';
    bar.classList.toggle('given', given);
    state.textContent = given ? 'Token in use, kept in this tab only.' : 'No token: every answer will be UNAUTHENTICATED.';
    input.value = token();
    root.render(React.createElement(GraphiQL, {
      key: token(),
      fetcher,
      schema: given ? undefined : null,
      storage: sessionStorage,
      shouldPersistHeaders: false,
      defaultEditorToolsVisibility: false,
      defaultQuery: boot.query,
      query: asked.get('query') ?? undefined,
      variables: asked.get('variables') ?? undefined,
      operationName: asked.get('operationName') ?? undefined,
    }));
  }

  bar.addEventListener('submit', (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, input.value.trim().replace(/^Bearer\s+/i, ''));
    start();
  });
  document.getElementById('forget').addEventListener('click', () => {
    sessionStorage.removeItem(KEY);
    start();
  });
  start();
})();
