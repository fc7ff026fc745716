class AnswerFile: pass
