;; Threshold of int16 rows to a bit mask, 32 voxels to a word, with SIMD.
;;
;; pack_rows(source, rows, width, below, target)
;;   source  byte address of rows * width int16 values, rows adjoining
;;   below   threshold - 1: a voxel is in the mask when its value > below
;;   target  byte address of rows * ceil(width / 32) words; bits past the width are 0
;;
;; The first page holds nothing; the caller places source and target and grows the memory.
(module
  (memory (export "memory") 1)

  (func $word (param $source i32) (param $below v128) (result i32)
    ;; 32 comparisons: two groups of 16 lanes, narrowed to bytes, one bit per byte.
    (i32.or
      (i8x16.bitmask (i8x16.narrow_i16x8_s
        (i16x8.gt_s (v128.load (local.get $source)) (local.get $below))
        (i16x8.gt_s (v128.load offset=16 (local.get $source)) (local.get $below))))
      (i32.shl
        (i8x16.bitmask (i8x16.narrow_i16x8_s
          (i16x8.gt_s (v128.load offset=32 (local.get $source)) (local.get $below))
          (i16x8.gt_s (v128.load offset=48 (local.get $source)) (local.get $below))))
        (i32.const 16))))

  (func (export "pack_rows")
    (param $source i32) (param $rows i32) (param $width i32) (param $below i32) (param $target i32)
    (local $belowLanes v128) (local $words i32) (local $tail i32) (local $left i32) (local $bits i32) (local $bit i32)
    (local.set $belowLanes (i16x8.splat (local.get $below)))
    (local.set $words (i32.shr_u (local.get $width) (i32.const 5)))
    (local.set $tail (i32.and (local.get $width) (i32.const 31)))
    (block $done
      (loop $nextRow
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))

        ;; Whole words.
        (local.set $left (local.get $words))
        (block $wordsDone
          (loop $nextWord
            (br_if $wordsDone (i32.eqz (local.get $left)))
            (i32.store (local.get $target) (call $word (local.get $source) (local.get $belowLanes)))
            (local.set $source (i32.add (local.get $source) (i32.const 64)))
            (local.set $target (i32.add (local.get $target) (i32.const 4)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br $nextWord)))

        ;; The last, partial word of a row whose width is not a multiple of 32.
        (if (local.get $tail)
          (then
            (local.set $bits (i32.const 0))
            (local.set $bit (i32.const 0))
            (loop $nextBit
              (local.set $bits (i32.or (local.get $bits)
                (i32.shl
                  (i32.gt_s (i32.load16_s (local.get $source)) (local.get $below))
                  (local.get $bit))))
              (local.set $source (i32.add (local.get $source) (i32.const 2)))
              (local.set $bit (i32.add (local.get $bit) (i32.const 1)))
              (br_if $nextBit (i32.lt_u (local.get $bit) (local.get $tail))))
            (i32.store (local.get $target) (local.get $bits))
            (local.set $target (i32.add (local.get $target) (i32.const 4)))))

        (br $nextRow)))))
