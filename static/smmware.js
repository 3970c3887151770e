// On a phone the filters stand folded, unless some are in use: then it must be seen that they are.
for (const filters of document.querySelectorAll('details[data-folds="on-a-phone"]')) {
  if (window.matchMedia("(max-width: 800px)").matches) filters.open = false;
}
