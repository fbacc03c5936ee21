// Package paper draws A4 pages in Chinese and writes them as PDF: text in a font that
// it embeds, tables that continue over pages, page numbers. It owns how paper looks. It
// does not know what the texts mean; the caller passes them. It imports nothing of
// ours.
//
// The font is Noto Sans SC Regular of the npm package @expo-google-fonts/noto-sans-sc
// 0.4.3, under the SIL Open Font License (font/OFL.txt). A document contains only the
// glyphs that it uses.
package paper
