namespace XVideo.Service.Worker;

/// <summary>Ends the process because its engine is stuck. Whoever started it starts it again; the job goes on from its checkpoint.</summary>
internal delegate void EndProcess();
