import { dicomWebOf } from './dicom-web.ts';
import type { Host } from './host.ts';

/** The part of a host that is asked, as OHIF 3.11 to 3.14 has it. */
function hostWith(configuration: object | undefined, authorization?: () => object | undefined): Host {
  return {
    dataSource: () => ({ getConfig: () => configuration }),
    services: authorization ? { userAuthenticationService: { getAuthorizationHeader: authorization } } : {},
  } as unknown as Host;
}

test('storing goes to wadoRoot, queries to qidoRoot', () => {
  const target = dicomWebOf(hostWith({ wadoRoot: 'https://pacs.example/rs/', qidoRoot: '/qido' }));
  expect([target.url, target.queryUrl]).toEqual(['https://pacs.example/rs', '/qido']);
  expect(target.authorizationHeaders?.()).toEqual({});
});

test('the token is the one that the viewer holds at the time', () => {
  let token = 0;
  const target = dicomWebOf(hostWith({ wadoRoot: '/dicom-web' }, () => ({ Authorization: `Bearer ${++token}` })));
  expect(target.authorizationHeaders?.()).toEqual({ Authorization: 'Bearer 1' });
  expect(target.authorizationHeaders?.()).toEqual({ Authorization: 'Bearer 2' });
});

test.each([undefined, {}, null])('a viewer without login (%j) sends no authorization', header => {
  const target = dicomWebOf(hostWith({ wadoRoot: '/dicom-web' }, () => header as undefined));
  expect(target.authorizationHeaders?.()).toEqual({});
});

test.each([undefined, {}, { wadoRoot: '' }, { wadoRoot: ['a'] }])(
  'a source with configuration %j cannot store',
  config => {
    expect(() => dicomWebOf(hostWith(config))).toThrow(/not opened from a DICOMweb archive\. Open it from the archive/);
  },
);
