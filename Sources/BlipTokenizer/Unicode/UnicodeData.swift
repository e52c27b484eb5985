// Made by Tools/tokenizer-reference/unicode_tables.py: do not edit.

extension UnicodeData {
    /// What clean_text takes out: Cc, Cf, Co and U+FFFD, but not unassigned scalars.
    static let removed = """
        0 9 2 2 1 i 2n x d 1 11u 6 m 1 5c 1 1d 1 3cu 1 1ks 5 q 5 1d 5 1 a 11u8 4xs 16n 1 6x 3 \
        1 1 3b3 1 xya 4 43z 8 h406 1 u 2o 1egw 1eke 2 1eke
        """

    /// What separates words: White_Space.
    static let whitespace = """
        9 5 i 1 2s 1 q 1 4bj 1 1vj b t 2 5 1 1b 1 334 1
        """

    /// Nonspacing marks, which strip_accents takes out after the NFD.
    static let mark = """
        lc 1s 2 1 2 17 7n 5 7d 19 1 1 1 2 1 2 1 1 20 b 1c l g 1 2t 7 2 6 2 2 1 4 z 1 u r 2j b \
        1m 9 y 4 1 9 1 3 1 5 17 3 3r w 1j 1 1 1 4 8 4 1 3 7 a 2 t 1 1m 1 4 4 8 1 k 2 t 2 1l 1 \
        4 2 4 2 2 3 3 1 u 2 3 1 b 2 1l 1 4 5 1 2 4 1 k 2 t 1 1m 1 2 1 1 4 8 1 8 1 b 2 u 1 1p 1 \
        c 1 1e 1 1p 3 5 2 2 4 7 2 b 2 t 1 1m 1 2 1 6 1 5 2 k 2 t 1 1r 4 8 1 k 2 2u 1 7 3 1 1 \
        2i 1 2 7 c 8 2q 1 2 6 1 2 b 6 22 2 r 1 1 1 1 1 1j 2 1 1 2 1 1 6 1 1 1 3 1 2 5 6 1 4 1 \
        4 1 4 1 4 1 4 1 c 1 3 9 1 2u 4 1 6 1 2 2 2 p 2 4 3 g 4 d 1 2 2 6 1 f 1 jj 3 qa 3 t 3 t \
        2 u 2 1s 2 1 7 8 1 2 b 9 1 19 3 4b 1 3a 3 4 2 9 1 6 3 63 2 2 1 1m 1 1 7 1 1 1 1 2 8 6 \
        a 2 1 1c e 1u 4 1c 1 1 5 1 1 5 1 14 9 c 2 w 4 2 2 1 3 1k 1 1 2 3 1 1 3 1m 8 2 2 48 3 1 \
        d 1 7 4 1 6 1 3 2 5i 1i 6 4 k0 d 4 1 3 c 2da 3 3x 1 2o w fe 4 2z 2 n9w 1 4 a w 2 28 2 \
        7k 1 3 1 4 1 p 2 4d 1 r i 1g 8 p b 1a 3 1c 1 2 4 2 1 14 1 1v 6 2 2 2 2 c 1 8 1 1b 1 1f \
        1 1 3 2 2 5 2 1 1 16 2 8 1 6m 1 2 1 4 1 fn4 1 kh g g g r1 1 6a 1 45 5 1ae 3 1 2 5 4 14 \
        3 4 1 4l 2 10a 1 1i f 1k 3 1d 4 2 2 1x 3 10 5 1 1 2 5 1q 1 c 2 1g 9 b 3 2q 3 2 1 1 2 \
        4n 1 3 8 l 2 1m 1 3 1 11 7 3 5 8u 6 1 1 4 2 1 2 6m 4 6 2 1 2 r 2 2d 8 2 1 1 2 2y 1 1 1 \
        2 6 1 1 2t 3 2 4 1 5 gjo 5 1n 7 uw 4 f7u 2 43s 3 h 8 2 7 u 4 44 3 1iz 1j 4 1e 8 1 e 1 \
        m 5 1 f 2sg 7 gzl5 6o
        """

    /// What is a word of its own: ASCII punctuation and P*.
    static let punctuation = """
        x f a 7 q 6 q 4 y 1 5 1 3 1 a 2 3 1 3 1 ji 1 8 1 cy 6 15 2 1f 1 1 1 2 1 2 1 18 2 k 2 1 \
        2 d 1 2 2 22 4 2u 1 17 e 6h 3 1i f v 1 79 2 a 1 an 1 lf 1 2i 1 a 2 4o f 1 1 11 4 1z 1 \
        22 5 4 2 33 6 4r 1 h0 9 47 1 h8 2 18 2 26 3 1z 2 4d 3 1 3 11 b 8p 2 60 2 3k 7 1 6 4s 7 \
        4b 4 1n 5 1q 2 1s 8 b 1 n0 o 8 k 1 d 1 c u 2 e 2 hl 4 t 2 u5 e 27 2 v a b7 m 1r 4 w 2 \
        l7 4 1 2 34 1 3z 1b 1 j ce 3 4 a 2 c g 1 c 1 2q 1 2i 1 mwy 2 7h 3 2r 1 a 1 37 6 ak 4 \
        2e 2 14 3 1 1 1d 2 1b 1 2p d g 2 3g 4 3i 2 g 2 6x 1 g2a 2 5s a m z 1 e 1 1 4 1 1 2 45 \
        3 1 6 1 4 a 2 3 2 q 3 1 1 r 1 1 1 1 7 be 3 ik 1 1c 1 bi 1 kn 1 5j 1 v 1 7k 9 12 1 34 7 \
        1u 7 2h 4 x6 7 31 2 1 4 3i 4 1c 2 27 5 3 1 d 1 1 3 2g 6 2z 1 f0 1 6y n 2x 3 6w 3 2lt 5 \
        dtl 2 3p 1 1t 5 8 1 g2i 1 5wn 5
        """

    /// What gets a space on either side.
    static let chinese = """
        a9s 534 1s g74 hkw e8 1fk0 wyo w 3ds 74 49c 85s f4
        """

    /// What a single_word token may not touch.
    static let word = """
        1c a 7 q 4 1 1 q 1b 1 a 1 4 1 5 n 1 v 1 cq 4 c e 5 7 1 1 1 h 39 1 2 2 4 1 1 6 1 1 3 1 \
        1 1 k 1 2b 1 3v 1 4t 1 12 2 1 6 15 8 19 1 1 1 2 1 2 1 1 8 r 4 4 t b 5 22 4 2u 1 8 2 a \
        1 j 2 1 g 1n 2 2t e 1i 4 1 2 1 2 1a i s 4 b 5 o 1 6 8 23 1 3l 2 a 1 j 1 8 2 2 2 m 1 7 \
        1 1 3 4 2 9 2 2 2 4 8 1 4 2 1 5 2 c a 1 1 1 2 3 1 6 4 2 2 m 1 7 1 2 1 2 1 2 2 1 1 5 4 \
        2 2 3 3 1 7 4 1 1 7 g b 3 1 9 1 3 1 m 1 7 1 2 1 5 2 a 1 3 1 3 2 1 f 4 2 a 9 7 1 3 1 8 \
        2 2 2 m 1 7 1 2 1 5 2 9 2 2 2 3 7 3 4 2 1 5 2 a 1 1 g 2 1 6 3 3 1 4 3 2 1 1 1 2 3 2 3 \
        3 3 c 4 5 3 3 1 4 2 1 6 1 e a g d 1 3 1 n 1 g 2 9 1 3 1 4 7 2 1 3 2 1 2 4 2 a g 4 1 8 \
        1 3 1 n 1 a 1 5 2 9 1 3 1 4 7 2 6 2 1 4 2 a 1 3 c d 1 3 1 1f 1 3 1 5 5 4 7 5 2 a a 6 1 \
        3 1 i 3 o 1 9 1 1 2 7 3 1 4 6 1 1 1 8 6 a 2 2 d 1m 5 f 1 a 13 2 1 1 1 5 1 o 1 1 1 n 2 \
        5 1 1 1 7 1 a 2 4 w 1 n 2 6 a b 1 1 1 1 1 4 a 1 10 4 k 1 i 1 10 9 1 1l 22 6 26 2 12 1 \
        1 5 1 2 17 1 99 1 4 2 7 1 1 1 4 2 15 1 4 2 x 1 4 2 7 1 1 1 4 2 f 1 1l 1 4 2 1v 2 3 w g \
        g 2e 2 6 3 h8 2 h 1 q 5 23 3 b 7 m 9 m b k c d 1 3 1 2 c 2c 3 1 4 2 2 a x 3 1 b 6 2h 7 \
        17 5 1y a v 1 c 4 c a 14 2 5 b 18 4 q 6 a 12 s 4 1r 1 t 2 b 6 a d 1 8 v 1d 25 3 a h 9 \
        c 38 c 1k 8 a 3 1d 2 b 5 17 2 3 g 3 1 13 5 eu 2 6 2 12 2 6 2 8 1 1 1 1 1 1 1 v 2 1h 1 \
        7 1 1 3 3 1 7 3 4 2 6 4 d 5 3 1 7 f 2 1d 2 j 1 s 1 d 1 g d 1f x h 1 4 1 2 a 1 1 3 5 6 \
        1 1 1 1 1 1 4 1 b 2 4 5 5 4 1 h 15 ml 1g 1ee 6d 6 9 c 12 1 1 5 1 2 1k 7 1 f o 9 7 1 7 \
        1 7 1 7 1 7 1 7 1 7 1 7 1 w 1b 1 d1 3 p f 1 5 2 5 4 2e 2 2 2 3 1 2i 1 4 5 17 1 2m h w \
        1c g e8 534 1s h3h 1v 1a 2 7h 3 s k 1f 1 a 1 37 11 9 2 2v 2 1v 2 2 1 1 1 8 l 1i 4 1 j \
        1g c 1y a a 6 o 3 1 1 1d 2 10 c t 3 1t e b 6 v 1 1j 9 e 2 a 6 n 3 21 o 3 2 g 2 5 a 6 2 \
        6 2 6 9 7 1 7 1 17 1 e 6 3f 1 2 2 a 6 8mc c n 4 1d 6is a6 2 2y 12 7 c 5 5 c 1 d 1 5 1 \
        1 1 2 1 2 1 30 x a3 i 1s 2 1i 14 c 4 g g g 3 2 o 3 w 5 1 3r j a 7 q 4 1 1 q b 2h 3 6 2 \
        6 2 6 2 3 z c 1 q 1 j 1 2 1 f 2 e y 3f 1x 1h 3s 1 3m t 3 1d f 1 v w d u 5 17 5 u 2 10 \
        4 8 1 5 16 4e 2 a 6 10 4 10 4 14 8 1g c b 1 f 1 7 1 2 1 b 1 f 1 7 1 2 3 1g c 8n 9 m a \
        8 o 6 1 16 1 9 1x 6 2 1 1 18 1 2 3 1 2 n a n 9 v 1t j 1 2 a m a q 1y 1k 6 2 1s 4 1 2 5 \
        8 1 3 1 t 2 3 4 1 w t 3 t z 8 1 u p 1i a m a j d i 32 21 1j 1f d 1f d 14 8 a 6 12 3 5 \
        1 n 6y 16 1 2 3 2 g 3 1j x a 1 8 x v m 16 l r n 9 1z v g 9 1o 7 1 d p 7 a 6 1h 1 a 4 4 \
        8 10 2 1 9 1x 4 4 1 d 1 1 z i 1 11 6 4 1q 7 1 1 1 4 1 f 1 a 7 1n 5 a 6 4 1 8 2 2 2 m 1 \
        7 1 2 1 5 1 a 2 2 2 3 2 1 6 1 5 7 2 7 3 5 b a 1 1 2 1 1 12 1 a 1 1 2 1 1 4 1 8 d 2 t \
        23 5 a 4 4 u 1y 1 1 8 a 4m 1i 2 9 n 6 y 1t 3 1 b a 12 1l 7 a 6 k s r 2 f 4 a 6 7 55 1n \
        2t 22 l 8 2 1 2 8 1 2 1 u 1 2 2 9 c a 1y 8 2 1a 2 8 1 2 r 1r 8 1 8 22 3 1 i 21 5j x f \
        a 6 9 1 19 1 9 f a o u 2 m 1 e 21 7 1 2 1 18 3 1 1 2 1 9 8 a 6 6 1 2 1 11 1 2 1 6 7 a \
        8m n 9 h 1 15 3 5 d b 2d 1 27 pm 2u 33 h 5g 218 2p f ts g m a 32z 5 g7 5a1 1m 1c6 ft 7 \
        v 1 a 6 27 1 a 6 u 2 5 b 1j 9 4 c a 9 l 5 j c0 19 3 a 5i 1s 3k 23 4 1l 7 h 1s 2 1 2 b \
        2 e 4qg 8 ye 15 a 6w7 4 1 7 1 2 1 83 f 1 t 3 2 1 e 4 8 b0 1s4 2z 5 d 3 9 7 a 3 2 381 a \
        ee 1a 2 n f2 5 3 6 8 8 2 7 u 4 44 3 cb 2d 1 1z 1 2 2 1 2 2 2 4 1 c 1 1 1 7 1 1t 1 4 2 \
        8 1 7 1 s 1 4 1 5 1 1 3 7 1 9g 2 p 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 8 2 1e e8 1j \
        4 1e 8 1 e 1 m 5 1 f uo v 6 6 5x 7 1 h 2 7 1 2 1 5 5 1q x 1 34 19 3 e 2 a 4 1 8x v h \
        1m d2 16 5y 17 dh 7 1 4 1 2 1 f 1 5h b 7 15 24 4 a x2 4 1 r 1 2 1 1 2 1 1 a 1 4 1 1 1 \
        1 6 1 4 1 1 1 1 1 1 3 1 2 1 1 2 1 1 1 1 1 1 1 1 1 1 2 1 1 2 4 1 7 1 4 1 4 1 1 1 a 1 h \
        5 3 1 5 1 h hg q 6 q 6 q 21y a sm wyo w 37e 6 66 2 4g2 e 5rl f ha 1wi f2 15u 3t7 5 38g \
        f9e8 6o
        """

    /// Canonical_Combining_Class, where it is not 0: class, count of runs, the runs.
    static let combiningClasses = """
        1 b ms 5 523 1 d 7 rt 2 4 3 a 2 3 2 1a31 1 j3q 5 g4p 1 43s 3 7 m 1to 1 3j 1 3j 1 3j 1 \
        3j 1 an 1 oq 1 264 1 4x 1 28 1 ry3 1 kcm 1 54 1 2e 1 2z 1 4y 1 2a 1 7d 1 3g 1 70 1 6u \
        1 15le 1 8 1 9ll 2 9 17 1u5 1 3j 1 3j 1 3j 1 3j 1 3j 1 3j 1 3j 1 3j 1 3g 1 33 1 95 1 \
        50 2 1cp 1 v 1 4d 1 i5 1 6b 1 2t 2 1y 2 3gr 1 o7a 1 59 1 3y 1 30 1 8l 1 6u 1 imp 1 16u \
        1 1k 1 1l 1 3d 2 3v 1 38 1 50 1 2q 1 6s 1 3j 1 70 1 3j 1 3a 1 38 1 103 1 a 1 14g 1 b 1 \
        14h 1 c 1 14i 1 d 1 14j 1 e 1 14k 1 f 1 14l 1 g 1 14m 1 h 1 14n 1 i 2 14o 1 e 1 j 1 \
        14p 2 k 1 14r 1 l 1 14s 1 m 1 14t 1 n 1 14v 1 o 1 14x 1 p 1 14y 1 q 1 1dlq 1 r 2 18r 1 \
        is 1 s 2 18s 1 is 1 t 2 18t 1 is 1 u 2 17c 1 1h 1 v 2 17d 1 1h 1 w 2 17e 1 1h 1 x 1 \
        18x 1 y 1 18y 1 z 1 19s 1 10 1 1e9 1 2c 1 2fp 1 2j 1 2fq 1 2v 1 2t4 2 2z 1 2tk 4 3a 1 \
        2wo 2 3e 1 2x4 4 3l 1 31t 1 3m 3 31u 1 7 4 2 1 3o 1 31w 1 5m 3 m9 2 4 2 59j 1 5y 1 5vy \
        1 60 4 m3 1 2e5 1 2gx7 2 7 5 62 1 9ii 1 64 1z ly 4 2 5 2 4 2 b 5 4 a 3 3 2 4 4 2 2 fq \
        1 4 1 4 1 6 6 2 1 q 1 3z 2 5 1 2 1 3n 1 6 1 2 1 1v 1 2 1 2 3 1 2 1 1 3 1 1 1 1 1 1 1 \
        4p 1 2u 3 3r 1 2 1 2 1 3 3 6 1 2 2 2f 1 151 2 r 1 1 1 3y 1 5i 1 1pp 1 64 1 2u 1 1h 6 2 \
        1 4u 1 a0 5 2 4 d 1 5w 1 7 1 4 1 19 1 1 1 ko 1 3 4 qwr 3 au 1 ghe 7 r3 1 6a 1 1f0 1 18 \
        1 4r 1 1384 8 7 2 4lg 7 66 4 13u 1 i 1 3uz 1 4j7 1 68 1 9im 2 6a 1 2jxp 1 6c 3 14e 1 \
        3qy 1 4n5 1 6e 33 lc l 14 3 2 1 3 1 3 3 3 3 4 1 3 1 7 d 7n 5 7e 4 1 3 2 6 6 2 1 2 2 1 \
        k 1 23 8 1n 2 2 5 1 2 3b 7 2 4 1 1 2 2 2 2 1v 1 1 2 1 2 3 1 2 1 1 3 1 1 1 1 1 1 1 2 4g \
        7 1 1 y 4 1 9 1 3 1 5 4m e 2 2 1 2 1 3 6 3 1 2 2 5 29 1 1 2 17x 2 2 2 r9 3 vx 1 9o 1 \
        64 1 2l 8 1f 5 6 2 4u 1 1 7 9o 3 7 2 4 1 j 1 3 2 5i 2 1 7 1 2 4 11 5 1 2 1 k1 2 2 4 3 \
        2 4 1 5 1 1 1 6 1 2da 3 6m w nsf 1 4 a w 2 28 2 dq i ce 1 1 2 3 2 5 2 1 1 ggu 7 7 2 \
        11i 5 1as 1 14 1 4s 1 17e 3 gz 7 3 5 hbv 7 k7i 5 w 4 44 3 2pn 7 1 h 2 7 1 2 1 5 1sp 6 \
        6g 4 lx 1 4 1 1p 1 8ur 1 6h 4 nw 1 2 1 2 1 595 1 6i 3 nx 2 1 2 57v 1 6o 1 n9 1
        """

    /// Lower case that is one scalar: gap, count, step, zigzag code of the offset.
    static let lowercase = """
        1t q 1 1s 2u n 1 1s 2 7 1 1s y o 2 2 4 3 2 2 3 8 2 2 3 n 2 2 2 1 1 6p 1 3 2 2 4 1 1 bo \
        1 2 2 2 2 1 1 bg 1 1 1 2 2 2 1 be 1 1 1 2 3 1 1 4e 1 1 1 b8 1 1 1 ba 1 1 1 2 2 1 1 be \
        1 1 1 bi 2 1 1 bq 1 1 1 bm 1 1 1 2 4 1 1 bq 1 1 1 bu 2 1 1 bw 1 3 2 2 2 1 1 c4 1 1 1 2 \
        2 1 1 c4 3 1 1 2 2 1 1 c4 1 1 1 2 2 2 1 c2 1 2 2 2 2 1 1 c6 1 1 1 2 4 1 1 2 8 1 1 4 1 \
        1 1 2 2 1 1 4 1 1 1 2 2 1 1 4 1 9 2 2 3 9 2 2 3 1 1 4 1 2 2 2 2 1 1 5d 1 1 1 33 1 k 2 \
        2 2 1 1 77 2 9 2 2 8 1 1 gnq 1 1 1 2 2 1 1 91 1 1 1 gnk 3 1 1 2 2 1 1 at 1 1 1 3u 1 1 \
        1 3y 1 5 2 2 82 2 2 2 4 1 1 2 9 1 1 6g 7 1 1 24 2 3 1 22 2 1 1 3k 2 2 1 3i 2 h 1 1s 2 \
        9 1 1s 10 1 1 g 9 c 2 2 6 1 1 3b 3 1 1 2 2 1 1 d 1 1 1 2 3 3 1 77 1 g 1 4g 1 w 1 1s 1d \
        h 2 2 a r 2 2 2 1 1 u 1 7 2 2 3 1c 2 2 3 12 1 2o 28a 12 1 b7k 2 1 1 b7k 6 1 1 b7k k3 \
        28 1 1nz4 1 6 1 g 1p0 1 1 2 7 17 1 4n3 3 3 1 4n3 8x 23 2 2 a 1 1 br1 2 1c 2 2 a 8 1 f \
        9 6 1 f b 8 1 f 9 8 1 f 9 6 1 f c 4 2 f 9 8 1 f p 8 1 f 9 8 1 f 9 8 1 f 9 2 1 f 1 2 1 \
        43 1 1 1 h c 4 1 4r 1 1 1 h c 2 1 f 1 2 1 5j d 2 1 f 1 2 1 67 1 1 1 d c 2 1 73 1 2 1 \
        6z 1 1 1 h 8a 1 1 bll 4 1 1 cxp 1 1 1 cqz 7 1 1 1k 1a g 1 w k 1 1 2 mr q 1 1g 1f5 1c 1 \
        2o 1d 1 1 2 2 1 1 gkt 1 1 1 5vv 1 1 1 gjx 3 3 2 2 2 1 1 gmv 1 1 1 gl5 1 1 1 gn1 1 1 1 \
        gmz 2 1 1 2 3 1 1 2 9 2 1 got 1 1e 2 2 9 2 2 2 5 1 1 2 nym n 2 2 k e 2 2 3s 7 2 2 4 v \
        2 2 b 2 2 2 2 1 1 1iiv 1 5 2 2 5 1 1 2 2 1 1 1t8v 3 2 2 2 4 a 2 2 2 1 1 1taf 1 1 1 \
        1tb1 1 1 1 1tat 1 1 1 1ta9 1 1 1 1taf 2 1 1 1t7n 1 1 1 1t8z 1 1 1 1t7t 1 1 1 1fk 1 8 2 \
        2 2 1 1 2n 1 1 1 1tad 1 1 1 1ilr 1 2 2 2 2 1 1 1tcd 1 8 2 2 2 1 1 1toh p 1 1 2 h7w q 1 \
        1s xy 14 1 28 3t 10 1 28 4d b 1 26 2 f 1 26 2 7 1 26 2 2 1 26 1d7 1f 1 3k 4e m 1 1s \
        27v w 1 1s gw1 w 1 1s 1t p 1 1i o5k y 1 1w
        """

    /// Lower case that is more than one scalar: gap, count, the scalars.
    static let longLowercase = """
        8g 2 2x lj
        """
}
