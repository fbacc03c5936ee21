package ui

import (
	"errors"
	"net/http"

	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/payment/collection"
)

// maxUpload is how many bytes a form with a file can have: tens of thousands of rows.
const maxUpload = 8 << 20

// maxImport is how many bytes a form with a file to import can have. Parts that are large
// lie in a temporary file while they are read.
const maxImport = intake.MaxUpload + 1<<20

// errNoFile refuses a form without a file.
var errNoFile = models.Invalid("NO_FILE", "请选择文件（xlsx 或 csv）")

// bodyLimit returns how many bytes the body of a request can have.
func bodyLimit(r *http.Request) int64 {
	switch {
	case r.Method == http.MethodPost && isMultipart(r) && r.URL.Path == "/staff/imports":
		return maxImport
	case r.Method == http.MethodPost && isMultipart(r):
		return maxUpload
	}
	return maxBody
}

func isMultipart(r *http.Request) bool {
	kind := r.Header.Get("Content-Type")
	return len(kind) >= 19 && kind[:19] == "multipart/form-data"
}

// Upload returns a posted file, and a function that frees it.
func (c *Call) Upload(name string) (collection.File, func(), error) {
	err := c.R.ParseMultipartForm(maxBody)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return collection.File{}, nil, ErrTooLarge
	case errors.Is(err, http.ErrNotMultipart):
		return collection.File{}, nil, errNoFile
	case err != nil:
		return collection.File{}, nil, ErrBadForm.Because(err)
	}
	content, header, err := c.R.FormFile(name)
	if err != nil {
		return collection.File{}, nil, errNoFile
	}
	done := func() {
		_ = content.Close() // it was only read
		_ = c.R.MultipartForm.RemoveAll()
	}
	return collection.File{Name: header.Filename, Content: content, Size: header.Size}, done, nil
}

// RefusedFile reports whether err refuses a file, and shows the refusal if it does. Any
// other error is returned.
func (c *Call) RefusedFile(err error, show func(int, string, sheet.Mistakes) error) (bool, error) {
	var mistakes sheet.Mistakes
	var whole *sheet.FileError
	e, refusal := models.AsError(err)
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &mistakes):
		return true, show(http.StatusUnprocessableEntity, "文件有错误，没有入账。请逐行核对后重新导入：", mistakes)
	case errors.As(err, &whole):
		return true, show(http.StatusUnprocessableEntity, whole.Error(), nil)
	case refusal && e.Kind != models.KindNotFound:
		return true, show(StatusOf(e.Kind), e.Message, nil)
	}
	return true, err
}
