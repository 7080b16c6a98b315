import type { Profile } from '@voxelwise/contract';

/** What the manifest says of how an export was de-identified, and what that does not cover. */
export const DE_IDENTIFICATION: Readonly<Record<Profile, string>> = {
  'safe-harbor':
    'Prepared after the Safe Harbor method, 45 CFR 164.514(b)(2). Identifiers of records, patients, studies, series, instances, ' +
    'findings and of the site are replaced by random ones that were made for this export and are derived from nothing (164.514(c)). ' +
    'Of dates the year alone is left; ages of 90 and more are one band. There is no free text, no accession number, no digest of ' +
    'images or masks, nobody who read. Entries of conventions that look like an identifier or a date are removed. The images ' +
    'themselves are not part of it. The service removes what its fields are known to hold, and cannot know what else a recipient ' +
    'knows: the institution that releases this export remains responsible for the release, and for having no actual knowledge that ' +
    'a patient could be identified (164.514(b)(2)(ii)).',
  'limited-data-set':
    'Prepared as a limited data set, 45 CFR 164.514(e). Identifiers of records, patients, studies, series, instances and findings ' +
    'are replaced by keyed ones (HMAC-SHA-256), the same in all exports of this line and site; dates and digests are kept. There is ' +
    'no free text, no accession number, nobody who read. It is protected health information: it may be disclosed for research, ' +
    'public health and health care operations alone, under a data use agreement with the recipient (164.514(e)(3) and (4)). The ' +
    'institution that releases this export remains responsible for the release and for that agreement.',
};
