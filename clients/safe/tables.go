package safe

import "unicode"

// Signs that stand for something else. Each is one cell wide in every terminal
// known to us.
const (
	lineBreak   = "⏎"
	breakSign   = '⏎'
	unknownSign = '\uFFFD'
	dottedBase  = '◌' // carries a mark that came without a base
	joiner      = '\u200D'
)

// Spellings in plain parts of code points that terminals draw at different
// widths. (U+2800 is an empty Braille cell: a space in disguise.)
var spelled = map[rune]string{
	'\u2800': " ",
	'\u2E3A': "——",
	'\u2E3B': "———",
	'\uFF9E': "\u309B", // half-width kana marks join by rule, not on screen
	'\uFF9F': "\u309C",
}

// common letters of names spare themselves the other questions.
var common = &unicode.RangeTable{R16: []unicode.Range16{
	{0x00A1, 0x00AC, 1}, {0x00AE, 0x02FF, 1}, {0x0400, 0x0481, 1},
	{0x05D0, 0x05EA, 1}, {0x0620, 0x064A, 1}, {0x1E00, 0x1EFF, 1},
	{0x3041, 0x3096, 1}, {0x30A1, 0x30FA, 1}, {0x4E00, 0x9FFF, 1},
}}

// invisible code points are dropped and counted, beside all of Cf and Me.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x034F, 0x034F, 1}, // combining grapheme joiner
		{0x115F, 0x1160, 1}, // Hangul fillers
		{0x17B4, 0x17B5, 1}, // Khmer inherent vowels
		{0x180B, 0x180F, 1}, // Mongolian selectors
		{0x2065, 0x2065, 1},
		{0x3164, 0x3164, 1},
		{0xFE00, 0xFE0F, 1}, // variation selectors
		{0xFFA0, 0xFFA0, 1},
		{0xFFF0, 0xFFFB, 1},
	},
	R32: []unicode.Range32{{0xE0000, 0xE0FFF, 1}}, // tags, selectors
}

// unfit code points have a glyph, but no terminal agrees on its width or on
// what it joins: signs that attach to the following letter, ligatures of whole
// sentences, monumental scripts, divination signs, and what is too new for the
// terminals of stable distributions. They become U+FFFD.
var unfit = []*unicode.RangeTable{
	unicode.Anatolian_Hieroglyphs, unicode.Cuneiform,
	unicode.Egyptian_Hieroglyphs, unicode.SignWriting,
	{
		R16: []unicode.Range16{
			{0x0600, 0x0605, 1},
			{0x06DD, 0x06DD, 1},
			{0x070F, 0x070F, 1},
			{0x0890, 0x0891, 1},
			{0x08E2, 0x08E2, 1},
			{0x0D4E, 0x0D4E, 1},
			{0x2630, 0x2637, 1},
			{0x268A, 0x268F, 1},
			{0x302E, 0x302F, 1},
			{0x3248, 0x324F, 1},
			{0xFDFD, 0xFDFD, 1},
			{0xFFFC, 0xFFFC, 1},
		},
		R32: []unicode.Range32{
			{0x110BD, 0x110BD, 1},
			{0x110CD, 0x110CD, 1},
			{0x111C2, 0x111C3, 1},
			{0x1123F, 0x11241, 1},
			{0x1193F, 0x1193F, 1},
			{0x11941, 0x11941, 1},
			{0x11A3A, 0x11A3A, 1},
			{0x11A84, 0x11A89, 1},
			{0x11B00, 0x11B09, 1},
			{0x11D46, 0x11D46, 1},
			{0x11F00, 0x11F59, 1},
			{0x16FF0, 0x16FF1, 1},
			{0x1B132, 0x1B132, 1},
			{0x1B155, 0x1B155, 1},
			{0x1D2C0, 0x1D376, 1},
			{0x1DF25, 0x1DF2A, 1},
			{0x1E030, 0x1E08F, 1},
			{0x1E4D0, 0x1E4F9, 1},
			{0x1F6DC, 0x1F6DC, 1},
			{0x1F774, 0x1F77F, 1},
			{0x1F7D9, 0x1F7D9, 1},
			{0x1FA75, 0x1FA77, 1},
			{0x1FA87, 0x1FA88, 1},
			{0x1FAAD, 0x1FAAF, 1},
			{0x1FABB, 0x1FABF, 1},
			{0x1FACE, 0x1FACF, 1},
			{0x1FADA, 0x1FADF, 1},
			{0x1FAE8, 0x1FAEF, 1},
			{0x1FAF7, 0x1FAFF, 1},
		},
	},
}

// marks attach to the code point before them: Mn, Mc, and two vowels that are
// letters by category.
var marks = []*unicode.RangeTable{
	unicode.Mn, unicode.Mc,
	{R16: []unicode.Range16{{0x0E33, 0x0E33, 1}, {0x0EB3, 0x0EB3, 1}}},
}

// linkers are the marks that fuse two consonants into one cluster.
var linkers = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x094D, 0x094D, 1}, {0x09CD, 0x09CD, 1}, {0x0A4D, 0x0A4D, 1},
		{0x0ACD, 0x0ACD, 1}, {0x0B4D, 0x0B4D, 1}, {0x0BCD, 0x0BCD, 1},
		{0x0C4D, 0x0C4D, 1}, {0x0CCD, 0x0CCD, 1}, {0x0D4D, 0x0D4D, 1},
		{0x0DCA, 0x0DCA, 1}, {0x1039, 0x1039, 1}, {0x17D2, 0x17D2, 1},
		{0x1A60, 0x1A60, 1}, {0x1B44, 0x1B44, 1}, {0x1BAB, 0x1BAB, 1},
		{0xA9C0, 0xA9C0, 1}, {0xAAF6, 0xAAF6, 1},
	},
	R32: []unicode.Range32{
		{0x10A3F, 0x10A3F, 1}, {0x11133, 0x11133, 1}, {0x113D0, 0x113D0, 1},
		{0x1193E, 0x1193E, 1}, {0x11A47, 0x11A47, 1}, {0x11A99, 0x11A99, 1},
		{0x11F42, 0x11F42, 1},
	},
}

// pictures are two cells wide and may begin a chain joined by U+200D. A narrow
// first one would make the chain narrower than it is drawn.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{{0x2B1B, 0x2B1B, 1}},
	R32: []unicode.Range32{
		{0x1F300, 0x1F320, 1}, {0x1F32D, 0x1F335, 1}, {0x1F337, 0x1F37C, 1},
		{0x1F37E, 0x1F393, 1}, {0x1F3A0, 0x1F3CA, 1}, {0x1F3CF, 0x1F3D3, 1},
		{0x1F3E0, 0x1F3F0, 1}, {0x1F3F4, 0x1F3F4, 1}, {0x1F3F8, 0x1F3FA, 1},
		{0x1F400, 0x1F43E, 1}, {0x1F440, 0x1F440, 1}, {0x1F442, 0x1F4FC, 1},
		{0x1F4FF, 0x1F53D, 1}, {0x1F54B, 0x1F54E, 1}, {0x1F550, 0x1F567, 1},
		{0x1F57A, 0x1F57A, 1}, {0x1F595, 0x1F596, 1}, {0x1F5A4, 0x1F5A4, 1},
		{0x1F5FB, 0x1F64F, 1}, {0x1F680, 0x1F6C5, 1}, {0x1F6CC, 0x1F6CC, 1},
		{0x1F6D0, 0x1F6D2, 1}, {0x1F6D5, 0x1F6D7, 1}, {0x1F6EB, 0x1F6EC, 1},
		{0x1F6F4, 0x1F6FC, 1}, {0x1F7E0, 0x1F7EB, 1}, {0x1F90C, 0x1F93A, 1},
		{0x1F93C, 0x1F945, 1}, {0x1F947, 0x1F9FF, 1}, {0x1FA70, 0x1FA74, 1},
		{0x1FA78, 0x1FA7C, 1}, {0x1FA80, 0x1FA86, 1}, {0x1FA90, 0x1FAAC, 1},
		{0x1FAB0, 0x1FABA, 1}, {0x1FAC0, 0x1FAC5, 1}, {0x1FAD0, 0x1FAD9, 1},
		{0x1FAE0, 0x1FAE7, 1}, {0x1FAF0, 0x1FAF6, 1},
	},
}

// symbols are the narrow ones that go on a chain: signs of sex and trade.
var symbols = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x2640, 0x2640, 1}, {0x2642, 0x2642, 1}, {0x2695, 0x2696, 1},
		{0x2708, 0x2708, 1}, {0x2764, 0x2764, 1}, {0x27A1, 0x27A1, 1},
	},
	R32: []unicode.Range32{{0x1F5E8, 0x1F5E8, 1}},
}

// tonable pictographs are two cells wide and take a skin tone; after anything
// else terminals draw the tone as a patch of its own.
var tonable = &unicode.RangeTable{
	R16: []unicode.Range16{{0x270A, 0x270B, 1}},
	R32: []unicode.Range32{
		{0x1F385, 0x1F385, 1}, {0x1F3C2, 0x1F3C4, 1}, {0x1F3C7, 0x1F3C7, 1},
		{0x1F3CA, 0x1F3CA, 1}, {0x1F442, 0x1F443, 1}, {0x1F446, 0x1F450, 1},
		{0x1F466, 0x1F478, 1}, {0x1F47C, 0x1F47C, 1}, {0x1F481, 0x1F483, 1},
		{0x1F485, 0x1F487, 1}, {0x1F48F, 0x1F48F, 1}, {0x1F491, 0x1F491, 1},
		{0x1F4AA, 0x1F4AA, 1}, {0x1F57A, 0x1F57A, 1}, {0x1F595, 0x1F596, 1},
		{0x1F645, 0x1F647, 1}, {0x1F64B, 0x1F64F, 1}, {0x1F6A3, 0x1F6A3, 1},
		{0x1F6B4, 0x1F6B6, 1}, {0x1F6C0, 0x1F6C0, 1}, {0x1F6CC, 0x1F6CC, 1},
		{0x1F90C, 0x1F90C, 1}, {0x1F90F, 0x1F90F, 1}, {0x1F918, 0x1F91F, 1},
		{0x1F926, 0x1F926, 1}, {0x1F930, 0x1F939, 1}, {0x1F93C, 0x1F93E, 1},
		{0x1F977, 0x1F977, 1}, {0x1F9B5, 0x1F9B6, 1}, {0x1F9B8, 0x1F9B9, 1},
		{0x1F9BB, 0x1F9BB, 1}, {0x1F9CD, 0x1F9CF, 1}, {0x1F9D1, 0x1F9DD, 1},
		{0x1FAC3, 0x1FAC5, 1}, {0x1FAF0, 0x1FAF6, 1},
	},
}

// Skin tones, and the letters flags are made of.
const (
	toneFirst, toneLast = 0x1F3FB, 0x1F3FF
	flagA, flagZ        = 0x1F1E6, 0x1F1FF
)

// Hangul: jamo that compose, and the syllables they compose to.
const (
	jamoL, jamoLLast   = 0x1100, 0x1112
	jamoV, jamoVLast   = 0x1161, 0x1175
	jamoT, jamoTLast   = 0x11A8, 0x11C2
	syllable, lastSyll = 0xAC00, 0xD7A3
	vowels, finals     = 21, 28
)

// jamo are all conjoining ones; those that do not compose are archaic.
var jamo = &unicode.RangeTable{R16: []unicode.Range16{
	{0x1100, 0x11FF, 1}, {0xA960, 0xA97C, 1}, {0xD7B0, 0xD7FB, 1},
}}
