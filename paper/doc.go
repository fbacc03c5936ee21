// Package paper draws pages of A4 in Chinese and writes them as PDF: text in a font
// that it embeds, tables that go on over pages, numbers of pages. It owns how paper
// looks and knows nothing of what is written on it: whoever calls it hands over
// texts. It imports nothing of ours.
//
// The font is Noto Sans SC Regular, as published in the npm package
// @expo-google-fonts/noto-sans-sc 0.4.3, under the SIL Open Font License
// (font/OFL.txt). A document takes only the glyphs that it uses.
package paper
