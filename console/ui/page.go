package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

//go:embed *.html
var templateFiles embed.FS

// Templates are the pages of one area of the console. A page is named after its area
// and its file: room_list.html of the area rooms is the page rooms/room_list.
type Templates struct {
	Area      string
	Files     embed.FS
	Functions template.FuncMap // called by no other area's templates
}

// pageTemplate is a page inside its layout.
type pageTemplate struct{ *template.Template }

// parsePages parses all templates. Files of the core that begin with an underscore are
// parts of all pages; every other file is a page inside the layout.
func parsePages(a *assets, areas []Templates) (map[string]*pageTemplate, error) {
	base, err := template.New("").Option("missingkey=error").Funcs(functions).Funcs(template.FuncMap{"asset": a.url}).
		ParseFS(templateFiles, "_*.html")
	if err != nil {
		return nil, fmt.Errorf("console: templates: %w", err)
	}
	pages := map[string]*pageTemplate{}
	for _, area := range append([]Templates{{Area: "ui", Files: templateFiles}}, areas...) {
		names, err := fs.Glob(area.Files, "[a-z]*.html")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			t, err := base.Clone()
			if err == nil {
				t, err = t.Funcs(area.Functions).ParseFS(area.Files, name)
			}
			if err != nil {
				return nil, fmt.Errorf("console: templates: %w", err)
			}
			pages[area.Area+"/"+strings.TrimSuffix(name, ".html")] = &pageTemplate{t}
		}
	}
	return pages, nil
}

// page is what the layout shows, around Body.
type page struct {
	Title     string
	Menu      []MenuItem
	Staff     office.Staff
	Community string
	Today     models.Date
	Sandbox   bool
	Version   string
	Flash     *flash
	Body      any
}

// Can reports whether to show what needs the permission. A link that is left out protects
// nothing: its route asks again.
func (p page) Can(need string) bool { return p.Staff.Can(office.Permission(need)) }

// SignedIn reports whether somebody has signed in, so that there is a menu.
func (p page) SignedIn() bool { return p.Staff.ID != "" }

// Render writes the page of a name, with status 200.
func (c *Call) Render(name, title string, body any) error {
	return c.RenderAs(http.StatusOK, name, title, body)
}

// renderStatus writes a page where no error can be returned any more.
func (c *Call) renderStatus(status int, name, title string, body any) {
	if err := c.RenderAs(status, name, title, body); err != nil {
		c.Log.ErrorContext(c.R.Context(), "console page not rendered", "page", name, "request_id", models.RequestID(c.R.Context()),
			"error", err)
		http.Error(c.W, "系统出错了，请稍后再试", http.StatusInternalServerError)
	}
}

// RenderAs writes the page of a name. Nothing is written if the template fails.
func (c *Call) RenderAs(status int, name, title string, body any) error {
	t := c.pages[name]
	if t == nil {
		return fmt.Errorf("console: no page %s", name)
	}
	p := page{Title: title, Staff: c.Staff, Menu: c.menu(), Community: c.community(), Today: c.DB.Today(), Sandbox: c.Sandbox,
		Version: c.Version, Body: body}
	var out bytes.Buffer
	p.Flash = c.heard()
	if err := t.ExecuteTemplate(&out, "layout", p); err != nil {
		return fmt.Errorf("console: page %s: %w", name, err)
	}
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.W.WriteHeader(status)
	c.W.Write(out.Bytes())
	return nil
}

// community returns the caption of the top bar: the name of the only community, or a word
// for all of them. It is empty if the database fails.
func (c *Call) community() string {
	if c.Staff.ID == "" {
		return ""
	}
	list, err := estate.Communities(c.View, "", 2)
	switch {
	case err != nil || len(list) == 0:
		return ""
	case len(list) == 1:
		return list[0].Name
	}
	return "全部小区"
}
