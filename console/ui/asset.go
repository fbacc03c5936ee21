package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"wuyepay/models"
)

//go:embed static
var staticFiles embed.FS

// assets are the files that pages load, by their name. The address of a file has a part of
// its hash, so that a browser may keep it for ever.
type assets struct{ byName map[string]asset }

type asset struct {
	url    string
	mime   string
	plain  []byte
	zipped []byte
}

// loadAssets reads the embedded files and compresses each once. It leaves out licences and
// notes, which are for readers of the source.
func loadAssets() (*assets, error) {
	a := &assets{byName: map[string]asset{}}
	err := fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind := mime.TypeByExtension(path.Ext(name))
		switch path.Ext(name) {
		case ".css", ".js", ".svg":
		default:
			return nil
		}
		body, err := staticFiles.ReadFile(name)
		if err != nil {
			return err
		}
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write(body); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		short := strings.TrimPrefix(name, "static/")
		a.byName[short] = asset{url: "/staff/static/" + hex.EncodeToString(sum[:6]) + "/" + short, mime: kind, plain: body,
			zipped: zipped.Bytes()}
		return nil
	})
	return a, err
}

// url returns the address of a file. An unknown name is an error: a fault of a template.
func (a *assets) url(name string) (string, error) {
	f, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("console: no static file %s", name)
	}
	return f.url, nil
}

// Static serves a file. An address with another hash than the present one is not found.
func (c *Call) Static() error {
	f, ok := c.assets.byName[c.R.PathValue("file")]
	if !ok || f.url != c.R.URL.Path {
		return models.ErrNotFound
	}
	h := c.W.Header()
	h.Set("Content-Type", f.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(c.R.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	c.W.WriteHeader(http.StatusOK)
	c.W.Write(body)
	return nil
}
