/** What `voxelwise --help` prints. */
export const USAGE = `Usage: voxelwise calcium <folder> [options]
       voxelwise calcium <folder> <folder> ... --csv <file> [options]
       voxelwise perfusion <folder> [options]
       voxelwise perfusion --curves <file> [options]

CALCIUM

Scores the coronary calcium of one CT series per folder: every DICOM file below <folder>, whatever the files are called.
Not for diagnostic use.

What is scored
  --rois <file>            score inside regions: a JSON list of
                           {"name", "centre": [row, column], "radiusMm", "slices": [first, last]}
                           (0-based slices of the stack sorted by ascending z); the total is their sum
  --vessels <file>         score the vessels of a DICOM segmentation, whose segments name LM, LAD, LCX or RCA by code
                           (SNOMED CT) or label; instead of --rois
  --series <uid>           which series, where the folder has several

Convention
  --threshold <HU>         a voxel is calcium from this value on (default 130)
  --thresholds <choice>    standard-130, or by-kvp: threshold and weights by tube voltage (default standard-130)
  --connectivity <8|4>     neighborhood of a component in its slice (default 8)
  --minimum-lesion <size>  smallest component, as an area (1mm2) or in pixels (3px) (default 1mm2)
  --volume <method>        voxels, or isotropic: after interpolation between slices (default voxels)
  --no-equivalent          leave out the factor slice increment / 3 mm
  --mass-calibration <c>   mg/cm3 per HU (0.8) or mg/mm3 per HU (0.0008); without it mass is n/a
  --calibration-rois <f>   or measure it on the scan, by two discs: {"densityMgPerCm3", "insert": {"centre": [row, column],
                           "radiusMm", "slice"}, "water": {...}}

What it means (with --vessels or --rois)
  --risk <file>            a JSON object with sex, ageYears, race, systolicMmHg, ...: MESA 10-year risk, arterial age
  --percentiles <table>    with --risk: a percentile table as JSON, or hoff-2001

Output
  --json                   print the result as JSON, unrounded
  --csv <file>             write a table instead, of one folder or many
  --seg <file>             with --vessels: the scored voxels as a DICOM segmentation
  --sr <file>              with --seg: the numbers as a DICOM measurement report (TID 1500)
  --pdf <file>             with --vessels: the printed report, as a PDF, or as DICOM where the name ends in .dcm
  --paper <a4|letter>      of the printed report (default a4)
  --force                  replace the files of --csv, --seg, --sr and --pdf where they exist
  --help, --version

{folder} stands for the folder being scored, in every path but that of --csv and --percentiles.

PERFUSION

Perfusion maps of one 4D series of CT or MR per folder, with the volumes of core and hypoperfusion. Or of the curves in a table,
as JSON and nothing else on stdout. Not for diagnostic use.

  --curves <file>          instead of a folder: CSV with the columns label, C_tis and C_aif (contrast of tissue and artery,
                           values separated by blanks) and tr (sampling interval in s), one curve and its artery per row

Method
  --method <name>          lr: Lucy-Richardson (default), csvd: block-circulant SVD, osvd: the same with a truncation for
                           every curve, ssvd: lower-triangular SVD, which a delay biases, or tikhonov
  --truncation <part>      of the largest singular value (default ssvd 0.2, csvd 0.1, tikhonov 0.1); of osvd its oscillation
                           target (default 0.05 per second of the sampling interval)
  --iterations <n>         of lr at most (default 32)
  --noise-factor <F>       lr stops when an iteration gains no more than F times the variance of the noise (default 2)
  --hematocrit-factor <k>  (1 - hematocrit of large vessels) / (1 - that of small ones) (default 0.73, of curves 1)
  --density <g/mL>         of tissue (default 1.04, of curves 1)

Of a folder
  --series <uid>           which series, where the folder has several
  --aif <auto|file>        found automatically (default), or the mean inside regions in an artery: a JSON list as of --rois
  --no-vof-scaling         leave the arterial curve as measured: do not scale it to the area of the venous one
  --smoothing <mm>         standard deviation of a Gaussian within the slice (default 2)
  --json                   print the result as JSON, unrounded
  --csv <file>             write a table instead
  --dicom <folder>         write maps (Parametric Maps), segmentation, measurement report and printed report as DICOM
  --force                  replace the files of --csv and --dicom where they exist

Exit codes: 0 a result was printed, 1 the program failed, 2 no result can be given (one sentence on stderr says why;
with --csv it is in the table, and the other folders are scored).
`;
