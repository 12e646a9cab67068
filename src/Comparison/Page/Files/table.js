// A table that sorts by any column and lets a row be chosen.

/**
 * @param options caption; head: { text, of(row) } of the first column, whose cells choose the row; rows(); columns(): measures; value(row, measure);
 *   detail(row, measure): small text below, or nothing; isChosen(row); choose(row).
 */
function sortableTable(options) {
  const order = { column: null, down: true };
  const table = html('table', { class: 'figures' });
  const scroll = html('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': options.caption }, table);

  const compare = (a, b) => {
    if (order.column === 'head') return options.head.of(a).localeCompare(options.head.of(b), 'en', { numeric: true }) * (order.down ? 1 : -1);
    const [x, y] = [options.value(a, order.column), options.value(b, order.column)];
    const missing = value => value === undefined || Number.isNaN(value);
    if (missing(x) || missing(y)) return missing(x) - missing(y); // always last
    return x === y ? 0 : (x > y ? -1 : 1) * (order.down ? 1 : -1);
  };

  function sortBy(column) {
    if (order.column === column) order.down = !order.down;
    else Object.assign(order, { column, down: true });
    draw();
    table.querySelector(`[data-column="${column.name ?? column}"]`).focus();
  }

  function headCell(column, text, title) {
    const own = order.column === column;
    const falls = column === 'head' ? !order.down : order.down;
    return html('th', { scope: 'col', 'aria-sort': own ? (falls ? 'descending' : 'ascending') : null, title },
      html('button', { type: 'button', 'data-column': column.name ?? column, onclick: () => sortBy(column) }, text, html('span', { class: 'sort', 'aria-hidden': 'true', text: own ? (falls ? ' ▼' : ' ▲') : '' })));
  }

  function bodyRow(row, columns) {
    const own = options.isChosen(row);
    const cells = columns.map(measure => {
      const below = options.detail?.(row, measure);
      return html('td', {}, shown(measure, options.value(row, measure)), below ? html('small', { text: below }) : null);
    });
    return html('tr', { class: own ? 'chosen' : null, onclick: () => options.choose(row) },
      html('th', { scope: 'row' }, html('button', { type: 'button', 'aria-pressed': String(own) }, options.mark?.(row), html('span', { text: options.head.of(row) }))), cells);
  }

  function draw() {
    const columns = options.columns();
    const rows = [...options.rows()];
    if (order.column) rows.sort(compare);
    const focused = table.contains(document.activeElement) && document.activeElement.closest('tbody');
    table.replaceChildren(html('caption', { text: options.caption }),
      html('thead', {}, html('tr', {}, headCell('head', options.head.text), columns.map(measure => headCell(measure, (measure.short ?? measure.label) + (measure.unit ? ` (${measure.unit})` : ''), measure.title)))),
      html('tbody', {}, rows.map(row => bodyRow(row, columns))));
    const own = table.querySelector('tr.chosen');
    if (focused) own?.querySelector('button').focus({ preventScroll: true });
    if (own) bringIntoView(own);
  }

  // Scrolls the table alone: the page stays where the reader is.
  function bringIntoView(row) {
    const head = table.tHead.offsetHeight;
    if (row.offsetTop - head < scroll.scrollTop) scroll.scrollTop = row.offsetTop - head;
    else if (row.offsetTop + row.offsetHeight > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = row.offsetTop + row.offsetHeight - scroll.clientHeight;
  }

  return { element: scroll, draw };
}
