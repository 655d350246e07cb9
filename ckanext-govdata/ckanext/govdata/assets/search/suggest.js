/* Suggestions while typing: the combobox pattern of WAI-ARIA on each field that searches entries.
   Without this script the forms work as they are. */
(function () {
  'use strict';
  var WAIT = 120;
  var count = 0;

  /* The portal's address before /dataset/, with the language where one is in it; null where the
     form finds something else, such as departments. */
  function root(form) {
    var path = form.getAttribute('action') || window.location.pathname;
    var found = /^(.*?)\/dataset(?:[/?]|$)/.exec(path);
    return found && found[1];
  }

  function enhance(input) {
    var form = input.form;
    var before = root(form);
    if (before === null) { return; }
    var list = document.createElement('ul');
    var timer = null;
    var shown = '';
    var turn = 0;
    var active = -1;
    var composing = false;
    count += 1;
    list.id = 'gd-suggest-' + count;
    list.className = 'gd-suggest';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.getAttribute('placeholder') || 'suggestions');
    list.hidden = true;
    form.classList.add('gd-suggesting');
    form.appendChild(list);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', list.id);

    function close() {
      window.clearTimeout(timer);
      turn += 1; // an answer that is still on its way must not open the list again
      list.hidden = true;
      active = -1;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    }

    function options() {
      return Array.prototype.slice.call(list.querySelectorAll('[role=option]'));
    }

    function choose(option) {
      var name = option.getAttribute('data-name');
      close();
      if (name) {
        window.location.assign(before + '/dataset/' + encodeURIComponent(name));
        return;
      }
      input.value = option.getAttribute('data-text');
      form.submit();
    }

    function mark(index) {
      var all = options();
      if (!all.length) { return; }
      active = (index + all.length) % all.length;
      all.forEach(function (option, place) {
        option.setAttribute('aria-selected', place === active ? 'true' : 'false');
      });
      input.setAttribute('aria-activedescendant', all[active].id);
      all[active].scrollIntoView({ block: 'nearest' });
    }

    function add(text, note, name) {
      var option = document.createElement('li');
      var words = document.createElement('span');
      option.id = list.id + '-' + list.children.length;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.setAttribute('data-text', text);
      if (name) { option.setAttribute('data-name', name); }
      words.textContent = text;
      option.appendChild(words);
      if (note) {
        var number = document.createElement('span');
        number.className = 'gd-num';
        number.textContent = note;
        option.appendChild(number);
      }
      option.addEventListener('mousedown', function (event) {
        event.preventDefault();
        choose(option);
      });
      list.appendChild(option);
    }

    function show(told) {
      list.textContent = '';
      told.words.forEach(function (word) { add(word.text, String(word.titles), ''); });
      told.entries.forEach(function (entry) { add(entry.title, '', entry.name); });
      active = -1;
      list.hidden = !list.children.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
      input.removeAttribute('aria-activedescendant');
    }

    function ask() {
      var text = input.value.trim();
      if (text === shown) { return; }
      shown = text;
      if (!text) { close(); return; }
      var mine = turn += 1;
      fetch(before + '/api/govdata/suggest?q=' + encodeURIComponent(text), { credentials: 'same-origin' })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (told) {
          if (told && mine === turn && input.value.trim() === text && document.activeElement === input) { show(told); }
        })
        .catch(function () { if (mine === turn) { close(); } });
    }

    input.addEventListener('compositionstart', function () { composing = true; });
    input.addEventListener('compositionend', function () { composing = false; });
    input.addEventListener('input', function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    input.addEventListener('keydown', function (event) {
      if (composing || event.isComposing) { return; }
      if (event.key === 'ArrowDown' && list.hidden && input.value.trim()) { event.preventDefault(); shown = ''; ask(); }
      else if (event.key === 'ArrowDown' && !list.hidden) { event.preventDefault(); mark(active + 1); }
      if (event.key === 'ArrowUp' && !list.hidden) { event.preventDefault(); mark(active < 0 ? -1 : active - 1); }
      if (event.key === 'Escape') {
        if (!list.hidden) { event.preventDefault(); }
        close();
      }
      if (event.key === 'Enter' && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(options()[active]);
      }
    });
    input.addEventListener('blur', function () { window.setTimeout(close, 150); });
  }

  function countClicks() {
    var query = new URLSearchParams(window.location.search).get('q');
    var results = document.querySelector('.gd-results');
    if (!results) { return; }
    results.addEventListener('click', function (event) {
      var link = event.target.closest('a[href*="/dataset/"]');
      var entry = link && /^(.*?)\/dataset\/([\w-]+)$/.exec(new URL(link.href).pathname);
      if (!entry) { return; }
      var told = new URLSearchParams({ entry: entry[2] });
      if (query) { told.set('q', query); }
      fetch(entry[1] + '/api/govdata/search/click?' + told, { keepalive: true });
    });
  }

  document.querySelectorAll('form[role=search] input[name=q]').forEach(enhance);
  countClicks();
}());
