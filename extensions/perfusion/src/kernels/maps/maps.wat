;; Perfusion maps in float32 with SIMD: smoothing of a frame, and what is computed of many curves at once.
;;
;; Curves lie in blocks of 16 voxels, a block being a cache line for every time point: [block][time point][16]. Time points
;; are filled up to an even number and voxels to whole blocks, with zeros. All addresses are in bytes, and multiples of 16.
;; The caller places everything and grows the memory.
(module
  (memory (export "memory") 1)

  ;; Weighted sums along rows: target[y][x] = sum of weights[tap] * source[y][x + tap], for `columns` (a multiple of 16) of x.
  ;; Rows of both lie `stride` bytes apart.
  (func (export "smooth_rows")
    (param $source i32) (param $target i32) (param $rows i32) (param $columns i32) (param $stride i32)
    (param $weights i32) (param $taps i32)
    (local $x i32) (local $from i32) (local $weight i32) (local $end i32) (local $w v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $columns (i32.shl (local.get $columns) (i32.const 2)))
    (local.set $end (i32.add (local.get $weights) (i32.shl (local.get $taps) (i32.const 2))))
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $x (i32.const 0))
        (loop $sixteen
          (local.set $from (i32.add (local.get $source) (local.get $x)))
          (local.set $weight (local.get $weights))
          (local.set $s0 (v128.const f32x4 0 0 0 0))
          (local.set $s1 (v128.const f32x4 0 0 0 0))
          (local.set $s2 (v128.const f32x4 0 0 0 0))
          (local.set $s3 (v128.const f32x4 0 0 0 0))
          (loop $tap
            (local.set $w (v128.load32_splat (local.get $weight)))
            (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $w) (v128.load (local.get $from)))))
            (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $w) (v128.load offset=16 (local.get $from)))))
            (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $w) (v128.load offset=32 (local.get $from)))))
            (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $w) (v128.load offset=48 (local.get $from)))))
            (local.set $from (i32.add (local.get $from) (i32.const 4)))
            (br_if $tap (i32.lt_u
              (local.tee $weight (i32.add (local.get $weight) (i32.const 4)))
              (local.get $end))))
          (local.set $from (i32.add (local.get $target) (local.get $x)))
          (v128.store (local.get $from) (local.get $s0))
          (v128.store offset=16 (local.get $from) (local.get $s1))
          (v128.store offset=32 (local.get $from) (local.get $s2))
          (v128.store offset=48 (local.get $from) (local.get $s3))
          (br_if $sixteen (i32.lt_u
            (local.tee $x (i32.add (local.get $x) (i32.const 64)))
            (local.get $columns))))
        (local.set $source (i32.add (local.get $source) (local.get $stride)))
        (local.set $target (i32.add (local.get $target) (local.get $stride)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; Weighted sums along columns, scaled: target[y][x] = scale[y][x] * sum of weights[tap] * source[y + tap][x].
  ;; Rows of all three lie `stride` bytes apart; `columns` is a multiple of 16.
  (func (export "smooth_columns")
    (param $source i32) (param $target i32) (param $scale i32) (param $rows i32) (param $columns i32) (param $stride i32)
    (param $weights i32) (param $taps i32)
    (local $x i32) (local $from i32) (local $weight i32) (local $end i32) (local $w v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $columns (i32.shl (local.get $columns) (i32.const 2)))
    (local.set $end (i32.add (local.get $weights) (i32.shl (local.get $taps) (i32.const 2))))
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $x (i32.const 0))
        (loop $sixteen
          (local.set $from (i32.add (local.get $source) (local.get $x)))
          (local.set $weight (local.get $weights))
          (local.set $s0 (v128.const f32x4 0 0 0 0))
          (local.set $s1 (v128.const f32x4 0 0 0 0))
          (local.set $s2 (v128.const f32x4 0 0 0 0))
          (local.set $s3 (v128.const f32x4 0 0 0 0))
          (loop $tap
            (local.set $w (v128.load32_splat (local.get $weight)))
            (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $w) (v128.load (local.get $from)))))
            (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $w) (v128.load offset=16 (local.get $from)))))
            (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $w) (v128.load offset=32 (local.get $from)))))
            (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $w) (v128.load offset=48 (local.get $from)))))
            (local.set $from (i32.add (local.get $from) (local.get $stride)))
            (br_if $tap (i32.lt_u
              (local.tee $weight (i32.add (local.get $weight) (i32.const 4)))
              (local.get $end))))
          (local.set $from (i32.add (local.get $scale) (local.get $x)))
          (local.set $s0 (f32x4.mul (local.get $s0) (v128.load (local.get $from))))
          (local.set $s1 (f32x4.mul (local.get $s1) (v128.load offset=16 (local.get $from))))
          (local.set $s2 (f32x4.mul (local.get $s2) (v128.load offset=32 (local.get $from))))
          (local.set $s3 (f32x4.mul (local.get $s3) (v128.load offset=48 (local.get $from))))
          (local.set $from (i32.add (local.get $target) (local.get $x)))
          (v128.store (local.get $from) (local.get $s0))
          (v128.store offset=16 (local.get $from) (local.get $s1))
          (v128.store offset=32 (local.get $from) (local.get $s2))
          (v128.store offset=48 (local.get $from) (local.get $s3))
          (br_if $sixteen (i32.lt_u
            (local.tee $x (i32.add (local.get $x) (i32.const 64)))
            (local.get $columns))))
        (local.set $source (i32.add (local.get $source) (local.get $stride)))
        (local.set $target (i32.add (local.get $target) (local.get $stride)))
        (local.set $scale (i32.add (local.get $scale) (local.get $stride)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; Of every curve: the sum of its values, of which the first and the last count half (trapezoid rule), and the index of the
  ;; first of its largest values.
  ;; `timePoints` is how many there are, `padded` how many a block has.
  (func (export "sums_and_peaks")
    (param $curves i32) (param $blocks i32) (param $timePoints i32) (param $padded i32) (param $sums i32) (param $peaks i32)
    (local $four i32) (local $from i32) (local $t i32)
    (local $value v128) (local $sum v128) (local $largest v128) (local $peak v128) (local $at v128)
    (block $done
      (loop $block
        (br_if $done (i32.eqz (local.get $blocks)))
        (local.set $four (i32.const 0))
        (loop $next
          (local.set $from (i32.add (local.get $curves) (local.get $four)))
          (local.set $peak (v128.const f32x4 0 0 0 0))
          (local.set $at (v128.const f32x4 0 0 0 0))
          (local.set $largest (v128.load (local.get $from)))
          (local.set $sum (f32x4.mul (v128.const f32x4 -0.5 -0.5 -0.5 -0.5) (local.get $largest)))
          (local.set $t (local.get $timePoints))
          (loop $time
            (local.set $value (v128.load (local.get $from)))
            (local.set $sum (f32x4.add (local.get $sum) (local.get $value)))
            (local.set $peak (v128.bitselect
              (local.get $at) (local.get $peak) (f32x4.gt (local.get $value) (local.get $largest))))
            (local.set $largest (f32x4.max (local.get $largest) (local.get $value)))
            (local.set $at (f32x4.add (local.get $at) (v128.const f32x4 1 1 1 1)))
            (local.set $from (i32.add (local.get $from) (i32.const 64)))
            (br_if $time (local.tee $t (i32.sub (local.get $t) (i32.const 1)))))
          (local.set $sum (f32x4.sub
            (local.get $sum)
            (f32x4.mul (v128.const f32x4 0.5 0.5 0.5 0.5) (local.get $value))))
          (v128.store (i32.add (local.get $sums) (local.get $four)) (local.get $sum))
          (v128.store (i32.add (local.get $peaks) (local.get $four)) (local.get $peak))
          (br_if $next (i32.lt_u
            (local.tee $four (i32.add (local.get $four) (i32.const 16)))
            (i32.const 64))))
        (local.set $curves (i32.add (local.get $curves) (i32.shl (local.get $padded) (i32.const 6))))
        (local.set $sums (i32.add (local.get $sums) (i32.const 64)))
        (local.set $peaks (i32.add (local.get $peaks) (i32.const 64)))
        (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
        (br $block))))

  ;; The product of a matrix and the curves of one block: target[row][16]. `rows` is even, each with `padded` values; two rows
  ;; and 16 voxels at a time stay in registers.
  (func $product (param $block i32) (param $padded i32) (param $matrix i32) (param $rows i32) (param $target i32)
    (local $from i32) (local $end i32) (local $next i32) (local $w v128) (local $v v128)
    (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local.set $end (i32.add (local.get $block) (i32.shl (local.get $padded) (i32.const 6))))
    (loop $two
      (local.set $next (i32.add (local.get $matrix) (i32.shl (local.get $padded) (i32.const 2))))
      (local.set $from (local.get $block))
      (local.set $a0 (v128.const f32x4 0 0 0 0))
      (local.set $a1 (v128.const f32x4 0 0 0 0))
      (local.set $a2 (v128.const f32x4 0 0 0 0))
      (local.set $a3 (v128.const f32x4 0 0 0 0))
      (local.set $b0 (v128.const f32x4 0 0 0 0))
      (local.set $b1 (v128.const f32x4 0 0 0 0))
      (local.set $b2 (v128.const f32x4 0 0 0 0))
      (local.set $b3 (v128.const f32x4 0 0 0 0))
      (loop $time
        (local.set $w (v128.load32_splat (local.get $matrix)))
        (local.set $v (v128.load32_splat (local.get $next)))
        (local.set $c0 (v128.load (local.get $from)))
        (local.set $c1 (v128.load offset=16 (local.get $from)))
        (local.set $c2 (v128.load offset=32 (local.get $from)))
        (local.set $c3 (v128.load offset=48 (local.get $from)))
        (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $w) (local.get $c0))))
        (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $w) (local.get $c1))))
        (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $w) (local.get $c2))))
        (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $w) (local.get $c3))))
        (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $v) (local.get $c0))))
        (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $v) (local.get $c1))))
        (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $v) (local.get $c2))))
        (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $v) (local.get $c3))))
        (local.set $w (v128.load32_splat offset=4 (local.get $matrix)))
        (local.set $v (v128.load32_splat offset=4 (local.get $next)))
        (local.set $c0 (v128.load offset=64 (local.get $from)))
        (local.set $c1 (v128.load offset=80 (local.get $from)))
        (local.set $c2 (v128.load offset=96 (local.get $from)))
        (local.set $c3 (v128.load offset=112 (local.get $from)))
        (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $w) (local.get $c0))))
        (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $w) (local.get $c1))))
        (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $w) (local.get $c2))))
        (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $w) (local.get $c3))))
        (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $v) (local.get $c0))))
        (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $v) (local.get $c1))))
        (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $v) (local.get $c2))))
        (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $v) (local.get $c3))))
        (local.set $matrix (i32.add (local.get $matrix) (i32.const 8)))
        (local.set $next (i32.add (local.get $next) (i32.const 8)))
        (br_if $time (i32.lt_u
          (local.tee $from (i32.add (local.get $from) (i32.const 128)))
          (local.get $end))))
      (v128.store (local.get $target) (local.get $a0))
      (v128.store offset=16 (local.get $target) (local.get $a1))
      (v128.store offset=32 (local.get $target) (local.get $a2))
      (v128.store offset=48 (local.get $target) (local.get $a3))
      (v128.store offset=64 (local.get $target) (local.get $b0))
      (v128.store offset=80 (local.get $target) (local.get $b1))
      (v128.store offset=96 (local.get $target) (local.get $b2))
      (v128.store offset=112 (local.get $target) (local.get $b3))
      (local.set $matrix (local.get $next))
      (local.set $target (i32.add (local.get $target) (i32.const 128)))
      (br_if $two (local.tee $rows (i32.sub (local.get $rows) (i32.const 2))))))

  ;; Of four voxels, where before + part * (after - before) is largest, first of all: gives the index and leaves the value in
  ;; $largestValue. Samples lie `stride` bytes apart.
  (global $largestValue (mut v128) (v128.const f32x4 0 0 0 0))
  (func $largest
    (param $before i32) (param $after i32) (param $samples i32) (param $stride i32) (param $part v128) (result v128)
    (local $b v128) (local $value v128) (local $best v128) (local $at v128) (local $index v128) (local $isLarger v128)
    (local.set $best (v128.const f32x4 -inf -inf -inf -inf))
    (loop $next
      (local.set $b (v128.load (local.get $before)))
      (local.set $value (f32x4.add
        (local.get $b)
        (f32x4.mul (local.get $part) (f32x4.sub (v128.load (local.get $after)) (local.get $b)))))
      (local.set $isLarger (f32x4.gt (local.get $value) (local.get $best)))
      (local.set $best (v128.bitselect (local.get $value) (local.get $best) (local.get $isLarger)))
      (local.set $at (v128.bitselect (local.get $index) (local.get $at) (local.get $isLarger)))
      (local.set $index (f32x4.add (local.get $index) (v128.const f32x4 1 1 1 1)))
      (local.set $before (i32.add (local.get $before) (local.get $stride)))
      (local.set $after (i32.add (local.get $after) (local.get $stride)))
      (br_if $next (local.tee $samples (i32.sub (local.get $samples) (i32.const 1)))))
    (global.set $largestValue (local.get $best))
    (local.get $at))

  ;; The methods that are one matrix. Of every curve: the largest value of the residue function, and its index. `residues` is
  ;; room for 16 residue functions.
  (func (export "linear")
    (param $curves i32) (param $blocks i32) (param $padded i32) (param $matrix i32) (param $rows i32) (param $samples i32)
    (param $residues i32) (param $largest i32) (param $indices i32)
    (local $four i32) (local $from i32)
    (block $done
      (loop $block
        (br_if $done (i32.eqz (local.get $blocks)))
        (call $product
          (local.get $curves) (local.get $padded) (local.get $matrix) (local.get $rows) (local.get $residues))
        (local.set $four (i32.const 0))
        (loop $next
          (local.set $from (i32.add (local.get $residues) (local.get $four)))
          (v128.store
            (i32.add (local.get $indices) (local.get $four))
            (call $largest
              (local.get $from) (local.get $from) (local.get $samples) (i32.const 64) (v128.const f32x4 0 0 0 0)))
          (v128.store (i32.add (local.get $largest) (local.get $four)) (global.get $largestValue))
          (br_if $next (i32.lt_u
            (local.tee $four (i32.add (local.get $four) (i32.const 16)))
            (i32.const 64))))
        (local.set $curves (i32.add (local.get $curves) (i32.shl (local.get $padded) (i32.const 6))))
        (local.set $largest (i32.add (local.get $largest) (i32.const 64)))
        (local.set $indices (i32.add (local.get $indices) (i32.const 64)))
        (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
        (br $block))))

  ;; oSVD, as core/deconvolution/oscillation.ts describes it: of every curve the largest value of the residue function of the
  ;; first level whose oscillation index does not exceed the target, of the last level where none is, and its index.
  ;;
  ;;   matrix    makes the residue function of all frequencies, 2 * samples rows
  ;;   spectrum  makes the part that each frequency has in it, two rows (real, imaginary) for each, in the order in which they
  ;;             are taken away
  ;;   waves     of each frequency: its cosine at the samples, then its negative sine
  ;;   parities  of each frequency: 1 where the second half of its wave is as the first, -1 where it is the negative of it
  ;;   levels    how many frequencies (i32) are taken away before each level
  ;;   residues, parts   room for 16 voxels of what matrix and spectrum make
  (func (export "oscillation_limited")
    (param $curves i32) (param $blocks i32) (param $padded i32) (param $samples i32)
    (param $matrix i32) (param $spectrum i32) (param $spectrumRows i32) (param $waves i32) (param $parities i32)
    (param $levels i32) (param $levelCount i32) (param $target f32) (param $residues i32) (param $parts i32)
    (param $largest i32) (param $indices i32)
    (local $four i32) (local $level i32) (local $taken i32) (local $bin i32) (local $wave i32) (local $part i32)
    (local $n i32) (local $from i32) (local $half i32) (local $parity v128) (local $real v128) (local $imaginary v128)
    (local $value v128) (local $previous v128) (local $beforePrevious v128) (local $sum v128) (local $maximum v128)
    (local $done v128) (local $stop v128) (local $best v128) (local $at v128)
    (local.set $half (i32.shl (local.get $samples) (i32.const 6)))
    (block $end
      (loop $block
        (br_if $end (i32.eqz (local.get $blocks)))
        (call $product
          (local.get $curves) (local.get $padded) (local.get $matrix)
          (i32.shl (local.get $samples) (i32.const 1)) (local.get $residues))
        (if (local.get $spectrumRows)
          (then (call $product
            (local.get $curves) (local.get $padded) (local.get $spectrum) (local.get $spectrumRows) (local.get $parts))))
        (local.set $four (i32.const 0))
        (loop $nextFour
          (local.set $done (v128.const i32x4 0 0 0 0))
          (local.set $best (v128.const f32x4 0 0 0 0))
          (local.set $at (v128.const f32x4 0 0 0 0))
          (local.set $level (i32.const 0))
          (local.set $wave (local.get $waves))
          (local.set $bin (local.get $parities))
          (local.set $part (i32.add (local.get $parts) (local.get $four)))
          (block $finished
            (loop $nextLevel
              (local.set $taken (i32.load (i32.add
                (local.get $levels)
                (i32.shl (local.get $level) (i32.const 2)))))
              (block $without
                (loop $frequency
                  (br_if $without (i32.eqz (local.get $taken)))
                  (local.set $real (v128.load (local.get $part)))
                  (local.set $imaginary (v128.load offset=64 (local.get $part)))
                  (local.set $parity (v128.load32_splat (local.get $bin)))
                  (local.set $from (i32.add (local.get $residues) (local.get $four)))
                  (local.set $n (local.get $samples))
                  (loop $sample
                    (local.set $value (f32x4.add
                      (f32x4.mul (local.get $real) (v128.load32_splat (local.get $wave)))
                      (f32x4.mul
                        (local.get $imaginary)
                        (v128.load32_splat (i32.add
                          (local.get $wave)
                          (i32.shl (local.get $samples) (i32.const 2)))))))
                    (v128.store (local.get $from) (f32x4.sub (v128.load (local.get $from)) (local.get $value)))
                    (v128.store
                      (i32.add (local.get $from) (local.get $half))
                      (f32x4.sub
                        (v128.load (i32.add (local.get $from) (local.get $half)))
                        (f32x4.mul (local.get $parity) (local.get $value))))
                    (local.set $from (i32.add (local.get $from) (i32.const 64)))
                    (local.set $wave (i32.add (local.get $wave) (i32.const 4)))
                    (br_if $sample (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                  (local.set $wave (i32.add (local.get $wave) (i32.shl (local.get $samples) (i32.const 2))))
                  (local.set $bin (i32.add (local.get $bin) (i32.const 4)))
                  (local.set $part (i32.add (local.get $part) (i32.const 128)))
                  (local.set $taken (i32.sub (local.get $taken) (i32.const 1)))
                  (br $frequency)))
              (local.set $level (i32.add (local.get $level) (i32.const 1)))
              ;; The oscillation index: absolute second differences over the length times the maximum.
              (local.set $from (i32.add (local.get $residues) (local.get $four)))
              (local.set $beforePrevious (v128.load (local.get $from)))
              (local.set $previous (v128.load offset=64 (local.get $from)))
              (local.set $sum (v128.const f32x4 0 0 0 0))
              (local.set $maximum (f32x4.max
                (v128.const f32x4 1e-12 1e-12 1e-12 1e-12)
                (f32x4.max (local.get $previous) (local.get $beforePrevious))))
              (local.set $n (i32.sub (i32.shl (local.get $samples) (i32.const 1)) (i32.const 2)))
              (loop $sample
                (local.set $value (v128.load offset=128 (local.get $from)))
                (local.set $sum (f32x4.add
                  (local.get $sum)
                  (f32x4.abs (f32x4.add
                    (f32x4.sub (local.get $value) (local.get $previous))
                    (f32x4.sub (local.get $beforePrevious) (local.get $previous))))))
                (local.set $maximum (f32x4.max (local.get $maximum) (local.get $value)))
                (local.set $beforePrevious (local.get $previous))
                (local.set $previous (local.get $value))
                (local.set $from (i32.add (local.get $from) (i32.const 64)))
                (br_if $sample (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (local.set $stop (v128.andnot
                (f32x4.le
                  (local.get $sum)
                  (f32x4.mul
                    (local.get $maximum)
                    (f32x4.splat (f32.mul
                      (local.get $target)
                      (f32.convert_i32_u (i32.shl (local.get $samples) (i32.const 1)))))))
                (local.get $done)))
              (if (i32.eq (local.get $level) (local.get $levelCount))
                (then (local.set $stop (v128.not (local.get $done)))))
              (if (v128.any_true (local.get $stop))
                (then
                  (local.set $from (i32.add (local.get $residues) (local.get $four)))
                  (local.set $value (call $largest
                    (local.get $from) (local.get $from) (i32.shl (local.get $samples) (i32.const 1)) (i32.const 64)
                    (v128.const f32x4 0 0 0 0)))
                  (local.set $at (v128.bitselect (local.get $value) (local.get $at) (local.get $stop)))
                  (local.set $best (v128.bitselect (global.get $largestValue) (local.get $best) (local.get $stop)))
                  (local.set $done (v128.or (local.get $done) (local.get $stop)))
                  (br_if $finished (i32x4.all_true (local.get $done)))))
              (br $nextLevel)))
          (v128.store (i32.add (local.get $largest) (local.get $four)) (local.get $best))
          (v128.store (i32.add (local.get $indices) (local.get $four)) (local.get $at))
          (br_if $nextFour (i32.lt_u
            (local.tee $four (i32.add (local.get $four) (i32.const 16)))
            (i32.const 64))))
        (local.set $curves (i32.add (local.get $curves) (i32.shl (local.get $padded) (i32.const 6))))
        (local.set $largest (i32.add (local.get $largest) (i32.const 64)))
        (local.set $indices (i32.add (local.get $indices) (i32.const 64)))
        (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
        (br $block))))

  ;; Correlates four voxels at a time: target[i] = sum of weights[p] * source[i + p], for `samples` (filled up to a multiple of
  ;; 4) of i. Source and target have 16 bytes (four voxels) per sample. Three zeros lie before the weights and four behind
  ;; them; the source can be read `taps` + 4 samples past i. Four samples stay in registers, those of even and of odd p apart.
  (func $correlate
    (param $source i32) (param $target i32) (param $samples i32) (param $weights i32) (param $taps i32)
    (local $from i32) (local $weight i32) (local $end i32) (local $s0 v128) (local $s1 v128)
    (local $w0 v128) (local $w1 v128) (local $w2 v128) (local $w3 v128) (local $w4 v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local.set $weights (i32.sub (local.get $weights) (i32.const 12)))
    ;; The last sample of four needs three inputs more than it has weights.
    (local.set $end (i32.add (local.get $weights) (i32.shl (i32.add (local.get $taps) (i32.const 3)) (i32.const 2))))
    (loop $four
      (local.set $from (local.get $source))
      (local.set $weight (local.get $weights))
      (local.set $a0 (v128.const f32x4 0 0 0 0))
      (local.set $a1 (v128.const f32x4 0 0 0 0))
      (local.set $a2 (v128.const f32x4 0 0 0 0))
      (local.set $a3 (v128.const f32x4 0 0 0 0))
      (local.set $b0 (v128.const f32x4 0 0 0 0))
      (local.set $b1 (v128.const f32x4 0 0 0 0))
      (local.set $b2 (v128.const f32x4 0 0 0 0))
      (local.set $b3 (v128.const f32x4 0 0 0 0))
      (loop $two
        (local.set $s0 (v128.load (local.get $from)))
        (local.set $s1 (v128.load offset=16 (local.get $from)))
        (local.set $w0 (v128.load32_splat (local.get $weight)))
        (local.set $w1 (v128.load32_splat offset=4 (local.get $weight)))
        (local.set $w2 (v128.load32_splat offset=8 (local.get $weight)))
        (local.set $w3 (v128.load32_splat offset=12 (local.get $weight)))
        (local.set $w4 (v128.load32_splat offset=16 (local.get $weight)))
        (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $s0) (local.get $w3))))
        (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $s0) (local.get $w2))))
        (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $s0) (local.get $w1))))
        (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $s0) (local.get $w0))))
        (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $s1) (local.get $w4))))
        (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $s1) (local.get $w3))))
        (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $s1) (local.get $w2))))
        (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $s1) (local.get $w1))))
        (local.set $from (i32.add (local.get $from) (i32.const 32)))
        (br_if $two (i32.lt_u
          (local.tee $weight (i32.add (local.get $weight) (i32.const 8)))
          (local.get $end))))
      (v128.store (local.get $target) (f32x4.add (local.get $a0) (local.get $b0)))
      (v128.store offset=16 (local.get $target) (f32x4.add (local.get $a1) (local.get $b1)))
      (v128.store offset=32 (local.get $target) (f32x4.add (local.get $a2) (local.get $b2)))
      (v128.store offset=48 (local.get $target) (f32x4.add (local.get $a3) (local.get $b3)))
      (local.set $source (i32.add (local.get $source) (i32.const 64)))
      (local.set $target (i32.add (local.get $target) (i32.const 64)))
      (br_if $four (i32.gt_s
        (local.tee $samples (i32.sub (local.get $samples) (i32.const 4)))
        (i32.const 0)))))

  ;; Lucy-Richardson, four voxels at a time, as core/deconvolution/lucy-richardson.ts describes it: of every curve the largest
  ;; value of the residue function and its index, each voxel stopped by its own noise.
  ;;
  ;;   noise           standard deviation, one per curve
  ;;   backward        weights h, forward the same from last to first, each with 8 zeros before and behind
  ;;   firstLag        of h, not positive
  ;;   inverseWeights  one per sample
  ;;   backgroundPerNoise, backgroundPerMaximum, leastStart, floor   the constants of that file
  ;;   scratch         six lists of `stride` bytes, all 0: before each `reach` bytes, for what lies before sample 0
  (func (export "lucy_richardson")
    (param $curves i32) (param $blocks i32) (param $padded i32) (param $samples i32) (param $noise i32)
    (param $forward i32) (param $backward i32) (param $taps i32) (param $firstLag i32) (param $inverseWeights i32)
    (param $inverseArea f32) (param $maximumIterations i32) (param $noiseFactor f32)
    (param $backgroundPerNoise f32) (param $backgroundPerMaximum f32) (param $leastStart f32) (param $floor f32)
    (param $scratch i32) (param $stride i32) (param $reach i32)
    (param $largest i32) (param $indices i32)
    (local $block i32) (local $four i32) (local $from i32) (local $i i32) (local $n i32) (local $offset i32)
    (local $c i32) (local $p i32) (local $ratio i32) (local $y i32) (local $x i32) (local $before i32)
    (local $yFrom i32) (local $ratioFrom i32)
    (local $value v128) (local $sum v128) (local $maximum v128) (local $sd v128) (local $background v128)
    (local $start v128) (local $leastGain v128) (local $residual v128) (local $gain v128) (local $gained v128)
    (local $squared v128) (local $done v128) (local $stop v128) (local $momentum v128) (local $previous v128)
    (local $best v128) (local $at v128)
    (local.set $c (i32.add (local.get $scratch) (local.get $reach)))
    (local.set $p (i32.add (local.get $c) (local.get $stride)))
    (local.set $ratio (i32.add (local.get $p) (local.get $stride)))
    (local.set $y (i32.add (local.get $ratio) (local.get $stride)))
    (local.set $x (i32.add (local.get $y) (local.get $stride)))
    (local.set $before (i32.add (local.get $x) (local.get $stride)))
    ;; (A y)_i = sum of h_k y_(i - k - firstLag), k from last to first
    (local.set $yFrom (i32.sub
      (local.get $y)
      (i32.shl (i32.add (i32.sub (local.get $taps) (i32.const 1)) (local.get $firstLag)) (i32.const 4))))
    ;; (A' q)_j = sum of h_k q_(j + k + firstLag)
    (local.set $ratioFrom (i32.add (local.get $ratio) (i32.shl (local.get $firstLag) (i32.const 4))))
    (block $end
      (loop $nextBlock
        (br_if $end (i32.eqz (local.get $blocks)))
        (local.set $four (i32.const 0))
        (loop $nextFour
          ;; The curves of four voxels, their sum and maximum.
          (local.set $from (i32.add (local.get $curves) (local.get $four)))
          (local.set $sum (v128.const f32x4 0 0 0 0))
          (local.set $maximum (v128.const f32x4 0 0 0 0))
          (local.set $i (i32.const 0))
          (loop $time
            (local.set $value (v128.load (local.get $from)))
            (v128.store (i32.add (local.get $c) (local.get $i)) (local.get $value))
            (local.set $sum (f32x4.add (local.get $sum) (local.get $value)))
            (local.set $maximum (f32x4.max (local.get $maximum) (local.get $value)))
            (local.set $from (i32.add (local.get $from) (i32.const 64)))
            (br_if $time (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 16)))
              (i32.shl (local.get $samples) (i32.const 4)))))
          (local.set $sd (v128.load (i32.add (local.get $noise) (local.get $four))))
          (local.set $background (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $backgroundPerNoise)) (local.get $sd))
            (f32x4.mul (f32x4.splat (local.get $backgroundPerMaximum)) (local.get $maximum))))
          (local.set $start (f32x4.mul
            (f32x4.max
              (f32x4.div (local.get $sum) (f32x4.splat (f32.convert_i32_u (local.get $samples))))
              (f32x4.mul (f32x4.splat (local.get $leastStart)) (local.get $sd)))
            (f32x4.splat (local.get $inverseArea))))
          ;; No residue function where there is nothing above the baseline.
          (local.set $done (v128.or
            (f32x4.le (local.get $start) (v128.const f32x4 0 0 0 0))
            (f32x4.le (local.get $background) (v128.const f32x4 0 0 0 0))))
          (local.set $best (v128.const f32x4 0 0 0 0))
          (local.set $at (v128.const f32x4 0 0 0 0))
          (local.set $leastGain (f32x4.mul
            (f32x4.splat (local.get $noiseFactor))
            (f32x4.mul (local.get $sd) (local.get $sd))))
          (local.set $residual (v128.const f32x4 inf inf inf inf))
          (local.set $gain (v128.const f32x4 inf inf inf inf))
          (local.set $i (i32.const 0))
          (loop $sample
            (v128.store (i32.add (local.get $x) (local.get $i)) (local.get $start))
            (v128.store (i32.add (local.get $y) (local.get $i)) (local.get $start))
            (v128.store (i32.add (local.get $before) (local.get $i)) (local.get $start))
            (br_if $sample (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 16)))
              (i32.shl (local.get $samples) (i32.const 4)))))
          (local.set $n (i32.const 0))
          (block $finished
            (br_if $finished (i32x4.all_true (local.get $done)))
            (block $atMaximum
              (loop $iteration
                (br_if $atMaximum (i32.ge_u (local.get $n) (local.get $maximumIterations)))
                (call $correlate
                  (local.get $yFrom) (local.get $p) (local.get $samples) (local.get $forward) (local.get $taps))
                (local.set $squared (v128.const f32x4 0 0 0 0))
                (local.set $i (i32.const 0))
                (loop $time
                  (local.set $value (v128.load (i32.add (local.get $p) (local.get $i))))
                  (local.set $previous (f32x4.sub
                    (v128.load (i32.add (local.get $c) (local.get $i)))
                    (local.get $value)))
                  (local.set $squared (f32x4.add
                    (local.get $squared)
                    (f32x4.mul (local.get $previous) (local.get $previous))))
                  (v128.store
                    (i32.add (local.get $ratio) (local.get $i))
                    (f32x4.div
                      (f32x4.max
                        (v128.const f32x4 0 0 0 0)
                        (f32x4.add (v128.load (i32.add (local.get $c) (local.get $i))) (local.get $background)))
                      (f32x4.add (local.get $value) (local.get $background))))
                  (br_if $time (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 16)))
                    (i32.shl (local.get $samples) (i32.const 4)))))
                (local.set $gained (f32x4.sub (local.get $residual) (local.get $squared)))
                (if (i32.ge_u (local.get $n) (i32.const 2))
                  (then
                    (local.set $stop (v128.andnot
                      (v128.and
                        (f32x4.gt (local.get $leastGain) (v128.const f32x4 0 0 0 0))
                        (f32x4.le (local.get $gained) (local.get $leastGain)))
                      (local.get $done)))
                    (if (v128.any_true (local.get $stop))
                      (then
                        (local.set $value (call $largest
                          (local.get $before) (local.get $y) (local.get $samples) (i32.const 16)
                          (v128.andnot
                            (f32x4.div
                              (f32x4.sub (local.get $gain) (local.get $leastGain))
                              (f32x4.sub (local.get $gain) (local.get $gained)))
                            (f32x4.le (local.get $gain) (local.get $leastGain)))))
                        (local.set $at (v128.bitselect (local.get $value) (local.get $at) (local.get $stop)))
                        (local.set $best (v128.bitselect
                          (global.get $largestValue) (local.get $best) (local.get $stop)))
                        (local.set $done (v128.or (local.get $done) (local.get $stop)))
                        (br_if $finished (i32x4.all_true (local.get $done)))))))
                (local.set $residual (local.get $squared))
                (local.set $gain (local.get $gained))
                (call $correlate
                  (local.get $ratioFrom) (local.get $p) (local.get $samples) (local.get $backward) (local.get $taps))
                (local.set $momentum (f32x4.splat (f32.div
                  (f32.convert_i32_u (local.get $n))
                  (f32.convert_i32_u (i32.add (local.get $n) (i32.const 3))))))
                (local.set $i (i32.const 0))
                (local.set $offset (local.get $inverseWeights))
                (loop $sample
                  (local.set $previous (v128.load (i32.add (local.get $y) (local.get $i))))
                  (v128.store (i32.add (local.get $before) (local.get $i)) (local.get $previous))
                  (local.set $value (f32x4.mul
                    (f32x4.mul (local.get $previous) (v128.load (i32.add (local.get $p) (local.get $i))))
                    (v128.load32_splat (local.get $offset))))
                  (v128.store
                    (i32.add (local.get $y) (local.get $i))
                    (f32x4.max
                      (f32x4.mul (f32x4.splat (local.get $floor)) (local.get $value))
                      (f32x4.add
                        (local.get $value)
                        (f32x4.mul
                          (local.get $momentum)
                          (f32x4.sub (local.get $value) (v128.load (i32.add (local.get $x) (local.get $i))))))))
                  (v128.store (i32.add (local.get $x) (local.get $i)) (local.get $value))
                  (local.set $offset (i32.add (local.get $offset) (i32.const 4)))
                  (br_if $sample (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 16)))
                    (i32.shl (local.get $samples) (i32.const 4)))))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br $iteration)))
            ;; The others end with the last iteration.
            (local.set $value (call $largest
              (local.get $y) (local.get $y) (local.get $samples) (i32.const 16) (v128.const f32x4 0 0 0 0)))
            (local.set $at (v128.bitselect (local.get $at) (local.get $value) (local.get $done)))
            (local.set $best (v128.bitselect (local.get $best) (global.get $largestValue) (local.get $done))))
          (v128.store (i32.add (local.get $largest) (local.get $four)) (local.get $best))
          (v128.store (i32.add (local.get $indices) (local.get $four)) (local.get $at))
          (br_if $nextFour (i32.lt_u
            (local.tee $four (i32.add (local.get $four) (i32.const 16)))
            (i32.const 64))))
        (local.set $curves (i32.add (local.get $curves) (i32.shl (local.get $padded) (i32.const 6))))
        (local.set $noise (i32.add (local.get $noise) (i32.const 64)))
        (local.set $largest (i32.add (local.get $largest) (i32.const 64)))
        (local.set $indices (i32.add (local.get $indices) (i32.const 64)))
        (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
        (br $nextBlock)))))
