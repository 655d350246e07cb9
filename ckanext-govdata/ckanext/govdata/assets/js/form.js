/* The forms of entries and departments: fields that depend on others, rows, what is wrong.
   Without this script all fields are shown and some empty rows stand ready. */
(function () {
  "use strict";

  const dependent = Array.from(document.querySelectorAll("[data-gd-depends]"), function (block) {
    return { block: block, on: JSON.parse(block.dataset.gdDepends) };
  });

  /* A field that does not apply is hidden and not sent; what stood in it stays until it does. */
  const arrange = function () {
    dependent.forEach(function (one) {
      const applies = Object.keys(one.on).every(function (name) {
        const other = document.getElementById("field-" + name);
        return !other || one.on[name].includes(other.value);
      });
      one.block.hidden = !applies;
      one.block.querySelectorAll("input, select, textarea").forEach(function (input) {
        input.disabled = !applies;
      });
    });
  };

  const isEmpty = function (row) {
    return Array.from(row.querySelectorAll("input, select, textarea")).every(function (input) {
      return input.value === "";
    });
  };

  const renamed = function (text, name, number) {
    return text.replace(new RegExp("(^|\\b)" + name + "-(\\d{4}|ROW)-", "g"), function (all, before) {
      return before + name + "-" + number + "-";
    });
  };

  /* Numbers without a hole: the server takes them for the rows' order. */
  const renumber = function (list, name) {
    Array.from(list.children).forEach(function (row, index) {
      const number = String(index).padStart(4, "0");
      row.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach(function (part) {
        ["name", "id", "for", "aria-describedby"].forEach(function (attribute) {
          if (part.hasAttribute(attribute)) {
            part.setAttribute(attribute, renamed(part.getAttribute(attribute), name, number));
          }
        });
      });
      row.querySelectorAll("[data-gd-number]").forEach(function (place) {
        place.textContent = String(index + 1);
      });
    });
  };

  const rows = function (box) {
    const name = box.dataset.gdRows;
    const list = box.querySelector("[data-gd-list]");
    const add = box.querySelector("[data-gd-add]");
    const said = box.querySelector("[data-gd-said]");
    const template = box.querySelector("template");
    const say = function (sentence, number) {
      said.textContent = sentence.replace("{n}", String(number));
    };
    box.querySelector("[data-gd-without-script]").hidden = true;
    Array.from(list.children).slice(Number(box.dataset.gdStored)).filter(isEmpty).forEach(
      function (row) { row.remove(); }
    );
    const ready = function () {
      list.querySelectorAll("[data-gd-remove]").forEach(function (button) {
        button.hidden = false;
      });
    };
    add.hidden = false;
    ready();
    add.addEventListener("click", function () {
      list.append(template.content.cloneNode(true));
      renumber(list, name);
      ready();
      list.lastElementChild.querySelector("input, select").focus();
      say(box.dataset.gdAdded, list.children.length);
    });
    list.addEventListener("click", function (event) {
      const button = event.target.closest("[data-gd-remove]");
      if (!button) {
        return;
      }
      const row = button.closest("[data-gd-row]");
      const number = Array.from(list.children).indexOf(row) + 1;
      row.remove();
      renumber(list, name);
      add.focus();
      say(box.dataset.gdRemoved, number);
    });
  };

  document.addEventListener("change", arrange);
  arrange();
  document.querySelectorAll("[data-gd-rows]").forEach(rows);
})();
