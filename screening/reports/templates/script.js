(function () {
  "use strict";
  var box = document.getElementById("find");
  if (!box) return;
  document.documentElement.classList.add("scripted");
  var cards = Array.prototype.slice.call(document.querySelectorAll(".card"));
  var texts = cards.map(function (card) { return card.textContent.toLowerCase(); });
  var told = document.getElementById("found");
  box.addEventListener("input", function () {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    cards.forEach(function (card, i) {
      var fits = words.every(function (word) { return texts[i].indexOf(word) >= 0; });
      card.classList.toggle("unfit", !fits);
      if (fits) count += 1;
    });
    told.textContent = words.length ? count + " of " + cards.length + " cards" : "";
  });
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) {
      if (!part.open) { part.open = true; part.dataset.closed = "1"; }
    });
  });
  addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-closed]").forEach(function (part) {
      part.open = false; delete part.dataset.closed;
    });
  });
})();
