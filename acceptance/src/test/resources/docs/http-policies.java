Http search;
