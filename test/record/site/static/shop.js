// Shows the stock on product pages.
const match = location.pathname.match(/^\/products\/([a-z-]+)$/);
if (match) {
  fetch("/api/v1/stock/" + match[1])
    .then((answer) => answer.json())
    .then((item) => {
      const note = document.createElement("p");
      note.textContent = item.stock + " in stock";
      document.querySelector("main").append(note);
    });
}
