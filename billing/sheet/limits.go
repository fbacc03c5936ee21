package sheet

// Limits of one file. They are far above any real table (a community of 100,000 rooms fits) and far below what would
// trouble a small server. A file beyond them is refused with a message that names the limit.
const (
	maxFile      = 64 << 20  // bytes of the file as handed over
	maxSheet     = 512 << 20 // bytes of the worksheet unpacked: read as a stream, so this bounds time, not memory
	maxTexts     = 256 << 20 // bytes of the shared strings unpacked, same
	maxPart      = 4 << 20   // bytes of any other part that is read (workbook, relations)
	maxStylePart = 32 << 20  // bytes of the styles, same as the shared strings
	maxZipDir    = 1 << 20   // bytes of the zip directory, which archive/zip holds in memory as a whole
	maxToken     = 1 << 20   // bytes of one XML token or one csv record, which the decoders hold as a whole
	maxCell      = 128 << 10 // bytes of one cell; Excel itself stops at 32,767 characters
	maxRowText   = 1 << 20   // bytes of the texts of one row
	maxDepth     = 64        // nesting of XML elements, each of which costs memory
	maxMerges    = 100_000   // merged ranges of a sheet

	maxSheets    = 500     // worksheets of a workbook
	maxRowNumber = 1 << 20 // rows of a sheet, blank ones included, as in Excel
	keptLeftOut  = 1000    // rows that were left out and are listed

	maxRows    = 200_000 // rows that hold anything
	maxColumns = 256     // columns that hold anything
	headerRows = 20      // the header is looked for in this many rows
)
