// Starts the viewer on the document that this server generates.
window.addEventListener("load", function () {
  window.SwaggerUIBundle({ url: document.getElementById("page").dataset.document, dom_id: "#page", deepLinking: true, persistAuthorization: false, validatorUrl: null });
});
