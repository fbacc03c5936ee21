package main

import (
	"embed"
	"io/fs"
	"net/http"
)

// docsFiles is the page that shows the OpenAPI document: swagger-ui-dist 5.35.0
// from npm (Apache-2.0), unchanged, and our start of it.
//
//go:embed docs
var docsFiles embed.FS

// docsPolicy lets the page load only what is served here; the viewer sets styles
// on elements and draws its icons as data: images.
const docsPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

func docsPage(file string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", docsPolicy)
		http.ServeFileFS(w, r, docsFiles, file)
	}
}

func docsAssets() http.Handler {
	files, err := fs.Sub(docsFiles, "docs")
	if err != nil { // the folder is embedded above
		panic(err)
	}
	return http.StripPrefix("/docs/", http.FileServerFS(files))
}
