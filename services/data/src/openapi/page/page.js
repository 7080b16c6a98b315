// Runs in the browser, on the page of documentation.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
followSystem();
dark.addEventListener('change', followSystem);

globalThis.SwaggerUIBundle({
  dom_id: '#documentation',
  url: new URL('openapi.json', location.href).href,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // Tokens are gone when the page is closed, and nobody else is asked to judge the document.
  persistAuthorization: false,
  validatorUrl: null,
});
