autocmd BufNewFile,BufRead *.m1 setfiletype m1
