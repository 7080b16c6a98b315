/** Adds a stylesheet to the page once. @param id unique; a second call with the same id does nothing */
export function addStylesheet(id: string, css: string): void {
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = css;
  document.head.appendChild(style);
}
