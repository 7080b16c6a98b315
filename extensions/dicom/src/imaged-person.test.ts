import { imagedPersonOf } from './imaged-person.ts';

describe('the person of an image', () => {
  test.each([
    ['of the age that the header states', { PatientAge: '063Y', PatientSex: 'M' }, { ageYears: 63, sex: 'male' }],
    [
      'of the age on the day of the study',
      { PatientBirthDate: '19600116', StudyDate: '20250115', PatientSex: ' f ' },
      { ageYears: 64, sex: 'female' },
    ],
    ['on the birthday', { PatientBirthDate: '19600115', StudyDate: '20250115' }, { ageYears: 65, sex: null }],
    ['of an age in months', { PatientAge: '011M', PatientSex: 'O' }, { ageYears: null, sex: null }],
    ['born after the study', { PatientBirthDate: '20260101', StudyDate: '20250115' }, { ageYears: null, sex: null }],
    ['unknown', {}, { ageYears: null, sex: null }],
  ])('%s', (_, header, person) => {
    expect(imagedPersonOf(header)).toEqual(person);
  });
});
