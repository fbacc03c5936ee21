package collection

// WriteCSV is what Export writes rows with.
var WriteCSV = writeCSV
