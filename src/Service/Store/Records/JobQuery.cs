namespace XVideo.Service.Store;

/// <summary>Which page of jobs is wanted. Deleted jobs are on none.</summary>
/// <param name="OwnerKeyId">Only this owner's; <see langword="null"/> for everybody's.</param>
/// <param name="Limit">At most this many, 0 or more.</param>
/// <param name="After">The id of the last job of the page before; <see langword="null"/> for the first page. It may have been deleted since.</param>
/// <param name="Ascending">Oldest first; by default newest first.</param>
public sealed record JobQuery(string? OwnerKeyId, int Limit, string? After = null, bool Ascending = false);
