/** What `voxelwise --help` prints. */
export const USAGE = `Usage: voxelwise calcium <folder> [options]

Scores the coronary calcium of one CT series: every DICOM file below <folder>, whatever the files are called.
Not for diagnostic use.

Options
  --rois <file>            score inside regions: a JSON list of
                           {"name", "centre": [row, column], "radiusMm", "slices": [first, last]}
                           (0-based slices of the stack sorted by ascending z); the total is their sum
  --series <uid>           which series, where the folder has several
  --threshold <HU>         a voxel is calcium from this value on (default 130)
  --connectivity <8|4>     neighbourhood of a lesion in its slice (default 8)
  --minimum-area <size>    smallest lesion, as an area (1mm2) or in pixels (3px) (default 1mm2)
  --no-equivalent          leave out the factor slice increment / 3 mm
  --json                   print the result as JSON, unrounded
  --help, --version

Exit codes: 0 a result was printed, 1 the program failed, 2 no score can be given (one sentence on stderr says why).
`;
