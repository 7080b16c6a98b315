import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type Router } from 'express';
import { openApiDocument } from './document.ts';

/** What of Swagger UI the page needs; there is no other way into its folder. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const SWAGGER_FOLDER = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const PAGE_FILES = ['page.css', 'page.js'];
const PAGE_FOLDER = path.join(import.meta.dirname, 'page');

/** The page talks with this service and nobody else. Swagger UI sets styles on elements, and draws its arrows from data URLs. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/openapi.json`, and `/docs`, the same as a page. Open to everybody: it says nothing about anybody. Mount it at /api. */
export function documentation(): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  let document: string | undefined;

  router.get('/openapi.json', (_request, response) => {
    document ??= JSON.stringify(openApiDocument());
    response.type('application/json').set('Cache-Control', 'no-cache').send(document);
  });

  router.use('/docs', (_request, response, next) => {
    response.set({
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    });
    next();
  });
  router.get('/docs', (_request, response) =>
    response.sendFile('index.html', { root: PAGE_FOLDER, cacheControl: false }),
  );
  router.get('/docs/', (_request, response) => response.redirect(308, '../docs'));
  for (const [root, files] of [
    [SWAGGER_FOLDER, SWAGGER_FILES],
    [PAGE_FOLDER, PAGE_FILES],
  ] as const) {
    for (const file of files) {
      router.get(`/docs/${file}`, (_request, response) => response.sendFile(file, { root, cacheControl: false }));
    }
  }
  return router;
}
