;; Runs of the int16 voxels at or above a threshold, and the values of their voxels, with SIMD.
;;
;; threshold_runs(source, rows, width, lowest, starts, ends, rowEnds, values, sums, peaks) -> (runs, values)
;;   source   byte address of rows * width int16 voxels, rows adjoining, with 64 readable bytes behind them
;;   lowest   a voxel is in a run when its value >= lowest
;;   starts, ends   one i32 per run: voxels [start, end) of its row
;;   rowEnds  one i32 per row: the number of runs up to its end
;;   values   the voxels of all runs, run after run, with 16 writable bytes behind them
;;   sums     one i32 per run: the sum of its voxels, which is exact up to 65535 voxels
;;   peaks    one i16 per run: its largest voxel
;; Gives how many runs and values were written. The caller places everything and grows the memory.
(module
  (memory (export "memory") 1)

  ;; One bit for each of 32 voxels.
  (func $inside (param $source i32) (param $lowest v128) (result i32)
    (i32.or
      (i8x16.bitmask (i8x16.narrow_i16x8_s
        (i16x8.ge_s (v128.load (local.get $source)) (local.get $lowest))
        (i16x8.ge_s (v128.load offset=16 (local.get $source)) (local.get $lowest))))
      (i32.shl
        (i8x16.bitmask (i8x16.narrow_i16x8_s
          (i16x8.ge_s (v128.load offset=32 (local.get $source)) (local.get $lowest))
          (i16x8.ge_s (v128.load offset=48 (local.get $source)) (local.get $lowest))))
        (i32.const 16))))

  ;; Whether any of 64 voxels is inside.
  (func $anyInside (param $source i32) (param $lowest v128) (result i32)
    (v128.any_true (i16x8.ge_s
      (i16x8.max_s
        (i16x8.max_s
          (i16x8.max_s (v128.load (local.get $source)) (v128.load offset=16 (local.get $source)))
          (i16x8.max_s (v128.load offset=32 (local.get $source)) (v128.load offset=48 (local.get $source))))
        (i16x8.max_s
          (i16x8.max_s (v128.load offset=64 (local.get $source)) (v128.load offset=80 (local.get $source)))
          (i16x8.max_s (v128.load offset=96 (local.get $source)) (v128.load offset=112 (local.get $source)))))
      (local.get $lowest))))

  ;; Copies the run [source, end) to target in steps of 8 voxels, and writes its sum and its peak; what the last step copies
  ;; past the end is overwritten by the next run. Gives the address behind the copy.
  (func $take (param $source i32) (param $end i32) (param $target i32) (param $sum i32) (param $peak i32) (result i32)
    (local $behind i32) (local $eight v128) (local $sums v128) (local $peaks v128) (local $inside v128)
    (local.set $behind (i32.add (local.get $target) (i32.sub (local.get $end) (local.get $source))))
    (local.set $peaks (i16x8.splat (i32.const -32768)))
    (block $tail
      (loop $next
        (local.set $eight (v128.load (local.get $source)))
        (v128.store (local.get $target) (local.get $eight))
        (br_if $tail (i32.lt_u (i32.sub (local.get $end) (local.get $source)) (i32.const 16)))
        (local.set $sums (i32x4.add (local.get $sums) (i32x4.extadd_pairwise_i16x8_s (local.get $eight))))
        (local.set $peaks (i16x8.max_s (local.get $peaks) (local.get $eight)))
        (local.set $target (i32.add (local.get $target) (i32.const 16)))
        (local.set $source (i32.add (local.get $source) (i32.const 16)))
        (br $next)))
    ;; From 0 to 7 of the last 8 are of this run.
    (local.set $inside (i16x8.lt_s
      (v128.const i16x8 0 1 2 3 4 5 6 7)
      (i16x8.splat (i32.shr_u (i32.sub (local.get $end) (local.get $source)) (i32.const 1)))))
    (local.set $sums (i32x4.add (local.get $sums)
      (i32x4.extadd_pairwise_i16x8_s (v128.and (local.get $eight) (local.get $inside)))))
    (local.set $peaks (i16x8.max_s (local.get $peaks)
      (v128.bitselect (local.get $eight) (local.get $peaks) (local.get $inside))))

    (local.set $sums (i32x4.add (local.get $sums)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $sums) (local.get $sums))))
    (local.set $sums (i32x4.add (local.get $sums)
      (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $sums) (local.get $sums))))
    (v128.store32_lane 0 (local.get $sum) (local.get $sums))
    (local.set $peaks (i16x8.max_s (local.get $peaks)
      (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $peaks) (local.get $peaks))))
    (local.set $peaks (i16x8.max_s (local.get $peaks)
      (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $peaks) (local.get $peaks))))
    (local.set $peaks (i16x8.max_s (local.get $peaks)
      (i8x16.shuffle 2 3 0 1 6 7 4 5 10 11 8 9 14 15 12 13 (local.get $peaks) (local.get $peaks))))
    (v128.store16_lane 0 (local.get $peak) (local.get $peaks))
    (local.get $behind))

  (func (export "threshold_runs")
    (param $source i32) (param $rows i32) (param $width i32) (param $lowest i32)
    (param $starts i32) (param $ends i32) (param $rowEnds i32) (param $values i32) (param $sums i32) (param $peaks i32)
    (result i32 i32)
    (local $lowestLanes v128) (local $runs i32) (local $firstValue i32)
    (local $x i32) (local $bits i32) (local $before i32) (local $changes i32)
    (local $at i32) (local $open i32)
    (local.set $lowestLanes (i16x8.splat (local.get $lowest)))
    (local.set $firstValue (local.get $values))
    (block $done
      (loop $nextRow
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))

        (local.set $x (i32.const 0))
        (local.set $before (i32.const 0)) ;; whether the voxel before is in a run, as a bit
        (block $rowDone
          (loop $next32
            ;; Most of an image is background: it is passed over in steps of 64.
            (if (i32.eqz (local.get $before))
              (then (block $foreground
                (loop $next64
                  (br_if $foreground (i32.lt_s (local.get $width) (i32.add (local.get $x) (i32.const 64))))
                  (br_if $foreground (call $anyInside
                    (i32.add (local.get $source) (i32.shl (local.get $x) (i32.const 1)))
                    (local.get $lowestLanes)))
                  (local.set $x (i32.add (local.get $x) (i32.const 64)))
                  (br $next64)))))
            (br_if $rowDone (i32.ge_s (local.get $x) (local.get $width)))
            (local.set $bits (call $inside
              (i32.add (local.get $source) (i32.shl (local.get $x) (i32.const 1)))
              (local.get $lowestLanes)))
            (if (i32.lt_s (i32.sub (local.get $width) (local.get $x)) (i32.const 32))
              (then (local.set $bits (i32.and (local.get $bits)
                (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $width) (local.get $x))) (i32.const 1))))))

            ;; A bit that differs from the one before it starts or ends a run.
            (local.set $changes (i32.xor (local.get $bits)
              (i32.or (i32.shl (local.get $bits) (i32.const 1)) (local.get $before))))
            (local.set $before (i32.shr_u (local.get $bits) (i32.const 31)))
            (block $changesDone
              (loop $nextChange
                (br_if $changesDone (i32.eqz (local.get $changes)))
                (local.set $at (i32.add (local.get $x) (i32.ctz (local.get $changes))))
                (local.set $changes (i32.and (local.get $changes) (i32.sub (local.get $changes) (i32.const 1))))
                (if (i32.and (i32.shr_u (local.get $bits) (i32.sub (local.get $at) (local.get $x))) (i32.const 1))
                  (then
                    (local.set $open (local.get $at))
                    (i32.store (i32.add (local.get $starts) (i32.shl (local.get $runs) (i32.const 2)))
                      (local.get $at)))
                  (else
                    (i32.store (i32.add (local.get $ends) (i32.shl (local.get $runs) (i32.const 2))) (local.get $at))
                    (local.set $values (call $take
                      (i32.add (local.get $source) (i32.shl (local.get $open) (i32.const 1)))
                      (i32.add (local.get $source) (i32.shl (local.get $at) (i32.const 1)))
                      (local.get $values)
                      (i32.add (local.get $sums) (i32.shl (local.get $runs) (i32.const 2)))
                      (i32.add (local.get $peaks) (i32.shl (local.get $runs) (i32.const 1)))))
                    (local.set $runs (i32.add (local.get $runs) (i32.const 1)))))
                (br $nextChange)))

            (local.set $x (i32.add (local.get $x) (i32.const 32)))
            (br $next32)))

        ;; A run that reaches the end of a row whose last bit was the 32nd of its word.
        (if (local.get $before)
          (then
            (i32.store (i32.add (local.get $ends) (i32.shl (local.get $runs) (i32.const 2))) (local.get $width))
            (local.set $values (call $take
              (i32.add (local.get $source) (i32.shl (local.get $open) (i32.const 1)))
              (i32.add (local.get $source) (i32.shl (local.get $width) (i32.const 1)))
              (local.get $values)
              (i32.add (local.get $sums) (i32.shl (local.get $runs) (i32.const 2)))
              (i32.add (local.get $peaks) (i32.shl (local.get $runs) (i32.const 1)))))
            (local.set $runs (i32.add (local.get $runs) (i32.const 1)))))

        (i32.store (local.get $rowEnds) (local.get $runs))
        (local.set $rowEnds (i32.add (local.get $rowEnds) (i32.const 4)))
        (local.set $source (i32.add (local.get $source) (i32.shl (local.get $width) (i32.const 1))))
        (br $nextRow)))
    (local.get $runs)
    (i32.shr_u (i32.sub (local.get $values) (local.get $firstValue)) (i32.const 1))))
